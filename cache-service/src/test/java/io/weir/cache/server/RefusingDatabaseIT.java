package io.weir.cache.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.membership.FakeMaster;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A database that answers, serves reads, and refuses every change: no fault of the rows, so nothing
 * may be quarantined and nothing lost.
 */
@Timeout(600)
@ExtendWith(OutputCaptureExtension.class)
class RefusingDatabaseIT {

  private static final String VALUE = "x".repeat(60_000);

  private final TestSchema schema = TestDatabase.createSchema("refusing");
  private final SingleConnectionDataSource connection =
      new SingleConnectionDataSource(schema.urlWithCredentials(), true);
  private final JdbcTemplate database = new JdbcTemplate(connection);
  private final FakeMaster master = new FakeMaster();
  private RunningServer server;

  @BeforeEach
  void start() {
    for (String account : accounts()) {
      database.execute("CREATE USER " + account + " IDENTIFIED BY 'weir'");
      database.execute("GRANT ALL ON `" + schema.name() + "`.* TO " + account);
    }
    server = startServer();
    await().until(() -> server.shard().isServing());
    assertThat(server.put("/kv/resident", "value").statusCode()).isEqualTo(204);
    await().until(() -> count("resident") == 1);
  }

  @AfterEach
  void stop() {
    database.execute("SET GLOBAL read_only = OFF");
    server.close();
    master.close();
    for (String account : accounts()) {
      database.execute("DROP USER " + account);
    }
    connection.destroy();
    schema.close();
  }

  /** Without the right to write to a read-only server, which the tests' own account has. */
  private String[] accounts() {
    // Where there are anonymous accounts, those of localhost are preferred to any of '%'.
    return new String[] {"'" + schema.name() + "'@'%'", "'" + schema.name() + "'@'localhost'"};
  }

  private RunningServer startServer() {
    return RunningServer.start(
        "cache-1",
        schema,
        master.url(),
        "--weir.database.username=" + schema.name(),
        "--weir.database.password=weir",
        "--weir.cache.max-bytes=1MiB",
        "--weir.max-value-size=64KiB",
        "--weir.write-back.max-wait=10ms",
        "--weir.write-back.drain-timeout=1s");
  }

  /** As a primary is that became a replica, or one whose operator froze it. */
  @Test
  void aReadOnlyDatabaseIsAnOutageOfWritesAloneAndNoFaultOfARow(CapturedOutput log) {
    database.execute("SET GLOBAL read_only = ON");
    Map<String, String> written = writeUntilRefused();
    assertNothingIsLostOrSetAside(written);
    assertThat(log).contains("the database does not take writes").contains("error 1290");

    // Killed or stopped, it finds all of it in its journal, read-only or not.
    server.close();
    server = startServer();
    await().until(() -> server.shard().isServing());
    await()
        .until(() -> !server.json("/actuator/writeback").path("databaseTakesWrites").asBoolean());
    assertNothingIsLostOrSetAside(written);

    database.execute("SET GLOBAL read_only = OFF");
    assertAllIsWritten(written);
  }

  @Test
  void aFullDatabaseIsAnOutageOfWritesAloneAndNoFaultOfARow(CapturedOutput log) {
    fill();
    Map<String, String> written = writeUntilRefused();
    assertNothingIsLostOrSetAside(written);
    assertThat(log).contains("the database does not take writes").contains("error 1114");

    database.execute("DROP TRIGGER needs_room");
    assertAllIsWritten(written);
  }

  /**
   * Makes every new row need room in a table that has none left: the error is the one of a full
   * tablespace, wherever the test's database has its files.
   */
  private void fill() {
    database.execute("SET SESSION max_heap_table_size = 16384");
    database.execute("CREATE TABLE room (filler CHAR(255)) ENGINE = MEMORY");
    database.execute(
        "CREATE TRIGGER needs_room BEFORE INSERT ON kv FOR EACH ROW"
            + " INSERT INTO room VALUES ('')");
    assertThatThrownBy(
            () -> {
              while (true) {
                database.update("INSERT INTO room VALUES ('')");
              }
            })
        .rootCause()
        .isInstanceOfSatisfying(
            SQLException.class, full -> assertThat(full.getErrorCode()).isEqualTo(1114));
  }

  /** Returns the tags of what was acknowledged, by key. */
  private Map<String, String> writeUntilRefused() {
    Map<String, String> written = new LinkedHashMap<>();
    HttpResponse<String> answer;
    while ((answer = server.put("/kv/dirty" + written.size(), VALUE)).statusCode() == 204) {
      written.put("dirty" + written.size(), answer.headers().firstValue("ETag").orElseThrow());
      assertThat(written).as("the bound on dirty bytes").hasSizeLessThan(20);
    }
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("\"type\":\"urn:weir:problem:too-much-dirty\"");
    assertThat(answer.headers().firstValue("Retry-After")).get().isIn("1", "2");
    assertThat(written).hasSizeBetween(4, 9);
    return written;
  }

  private void assertNothingIsLostOrSetAside(Map<String, String> written) {
    await()
        .until(() -> !server.json("/actuator/writeback").path("databaseTakesWrites").asBoolean());
    assertThat(server.json("/actuator/writeback").path("quarantinedEntries").asInt()).isZero();
    assertThat(server.json("/actuator/writeback").path("dirtyEntries").asInt())
        .isEqualTo(written.size());
    assertThat(server.get("/actuator/prometheus").body())
        .contains("weir_writeback_flush_seconds_count{result=\"failed\"}")
        .contains("weir_writeback_flush_seconds_count{result=\"rejected\"} 0\n");
    assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    written.forEach((key, tag) -> {
      HttpResponse<String> read = server.get("/kv/" + key);
      assertThat(read.body()).isEqualTo(VALUE);
      assertThat(read.headers().firstValue("ETag")).contains(tag);
      assertThat(count(key)).isZero();
    });
    // Unlike an outage: what is not resident can still be read.
    assertThat(server.get("/kv/resident").body()).isEqualTo("value");
    assertThat(server.get("/kv/absent").statusCode()).isEqualTo(404);
  }

  private void assertAllIsWritten(Map<String, String> written) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> server.json("/actuator/writeback").path("dirtyEntries").asInt() == 0);
    written.forEach((key, tag) ->
        assertThat(
                database.queryForObject(
                    "SELECT version FROM kv WHERE k = ? AND v = ?",
                    String.class,
                    bytes(key),
                    bytes(VALUE)))
            .isEqualTo(tag.replace("\"", "")));
    assertThat(server.json("/actuator/writeback").path("quarantinedEntries").asInt()).isZero();
    assertThat(server.put("/kv/again", VALUE).statusCode()).isEqualTo(204);
    await().until(() -> count("again") == 1);
  }

  private int count(String key) {
    Integer count =
        database.queryForObject("SELECT COUNT(*) FROM kv WHERE k = ?", Integer.class, bytes(key));
    return count == null ? 0 : count;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
