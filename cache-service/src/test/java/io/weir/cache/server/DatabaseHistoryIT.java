package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.membership.FakeMaster;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A real database that goes back under a real server: its tables are those of an earlier moment, as
 * after a restore, or a failover to a replica that lacked the last flushes.
 */
@Timeout(600)
class DatabaseHistoryIT {

  private static final List<String> TABLES = List.of("kv", "flush");

  private final TestSchema schema = TestDatabase.createSchema("history");
  private final SingleConnectionDataSource connection =
      new SingleConnectionDataSource(schema.urlWithCredentials(), true);
  private final JdbcTemplate database = new JdbcTemplate(connection);
  private final FakeMaster master = new FakeMaster();
  private RunningServer server;

  @BeforeEach
  void start() {
    server = startServer();
    master.list(server.member());
    await()
        .until(() -> server.shard().group().journal().status().format() == JournalFormat.HIGHEST);
    put("resident", "old");
    put("evicted", "old");
    flush();
    for (String table : TABLES) {
      database.execute("CREATE TABLE then_" + table + " AS SELECT * FROM " + table);
    }
    put("evicted", "new");
    flush();
    put("resident", "new");
    flush();
  }

  @AfterEach
  void stop() {
    server.close();
    master.close();
    connection.destroy();
    schema.close();
  }

  private RunningServer startServer() {
    RunningServer started =
        RunningServer.start("cache-1", schema, master.url(), "--weir.write-back.drain-timeout=1s");
    await().until(() -> started.shard().isServing());
    return started;
  }

  @Test
  void aDatabaseThatGoesBackUnderARunningServerIsFoundByARead() {
    assertThat(server.get("/kv/evicted").body()).isEqualTo("new");
    goBack();

    HttpResponse<String> read = server.get("/kv/evicted", "Cache-Control", "no-cache");
    assertThat(read.statusCode()).isEqualTo(503);
    assertThat(read.body()).contains("urn:weir:problem:database-behind");
    assertThat(server.get("/kv/absent").statusCode()).isEqualTo(503);
    assertThat(server.get("/kv/resident").body()).isEqualTo("new");
    assertThat(server.get("/actuator/entries?first=0&last=16383").statusCode()).isEqualTo(503);
  }

  @Test
  void aDatabaseThatGoesBackUnderARunningServerIsFoundByAFlushAndWrittenAgain() {
    drop("evicted");
    goBack();
    put("other", "1");
    await().until(() -> server.json("/actuator/database").path("wentBack").asBoolean());

    assertThat(server.json("/actuator/database").path("missingFlushes").asLong()).isEqualTo(2);
    await().until(() -> row("resident").equals("new") && row("other").equals("1"));
    assertThat(row("evicted")).isEqualTo("old");
    assertWentBack();
    put("more", "2");
    flush();
    assertWentBack();

    assertThat(server.post("/actuator/database", "{\"missing\":1}").statusCode()).isEqualTo(412);
    assertThat(server.post("/actuator/database", "{\"missing\":2}").statusCode()).isEqualTo(200);
    assertThat(server.get("/kv/evicted").body()).isEqualTo("old");
  }

  @Test
  void aDatabaseThatGoesBackWhileNobodyRunsIsFoundAtTheStart() {
    server.close();
    goBack();
    server = startServer();
    await().until(() -> server.json("/actuator/database").path("wentBack").asBoolean());

    assertWentBack();
    assertThat(server.put("/kv/evicted", "newer").statusCode()).isEqualTo(204);
    assertThat(server.get("/kv/evicted").body()).isEqualTo("newer");
    server.close();
    server = startServer(); // It is in the journal.
    assertWentBack();
    await().until(() -> server.post("/actuator/database", "{\"missing\":2}").statusCode() == 200);
    flush();
    assertThat(server.get("/kv/resident").body()).as("it was in the journal").isEqualTo("new");
    assertThat(row("resident")).isEqualTo("new");
  }

  private void assertWentBack() {
    HttpResponse<String> read = server.get("/kv/never-written");
    assertThat(read.statusCode()).isEqualTo(503);
    assertThat(read.body()).contains("urn:weir:problem:database-went-back");
    HttpResponse<String> conditional = server.put("/kv/never-written", "x", "If-None-Match", "*");
    assertThat(conditional.statusCode()).isEqualTo(503);
  }

  private void goBack() {
    for (String table : TABLES) {
      database.execute("DELETE FROM " + table);
      database.execute("INSERT INTO " + table + " SELECT * FROM then_" + table);
    }
  }

  private void put(String key, String value) {
    assertThat(server.put("/kv/" + key, value).statusCode()).isEqualTo(204);
  }

  private void flush() {
    HttpResponse<String> done = server.post("/actuator/writeback", "{\"timeout\":\"60s\"}");
    assertThat(done.body()).contains("\"flushed\":true");
  }

  /** Lets a clean entry leave the memory. */
  private void drop(String key) {
    assertThat(server.get("/kv/" + key, "Cache-Control", "no-cache").statusCode()).isEqualTo(200);
    server.context().getBean(io.weir.cache.engine.CacheEngine.class).dropClean();
    assertThat(server.get("/kv/resident").body()).isEqualTo("new");
  }

  private String row(String key) {
    return database
        .queryForList("SELECT CONVERT(v USING utf8mb4) FROM kv WHERE k = ?", String.class, key)
        .stream()
        .findFirst()
        .orElse("");
  }
}
