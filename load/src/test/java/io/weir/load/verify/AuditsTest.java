package io.weir.load.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.client.WeirClient;
import io.weir.load.run.LoadPlan;
import io.weir.load.run.LoadRun;
import io.weir.load.run.ThisMachine;
import io.weir.load.workload.Distribution;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.testing.FakeCluster;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real load on a fake cluster, whose entries then get lost. */
class AuditsTest {

  private static final int KEYS = 40;

  private final FakeCluster cluster = new FakeCluster();
  private final WeirClient client =
      WeirClient.builder().master(cluster.masterUrl()).watch(false).build();
  private final List<String> progress = new ArrayList<>();
  private WriteLog log;

  @BeforeEach
  void load() throws InterruptedException {
    log = loaded();
  }

  private WriteLog loaded() throws InterruptedException {
    LoadPlan plan =
        LoadPlan.builder()
            .clients(4)
            .keys(KEYS)
            .mix(Mix.reading(0))
            .popularity(Popularity.of(Distribution.UNIFORM))
            .warmup(Duration.ZERO)
            .duration(Duration.ofMillis(500))
            .build();
    LoadRun run = new LoadRun(plan, client, ThisMachine.environment(List.of()), progress -> {});
    run.run();
    return run.log();
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private synchronized void progress(String text, boolean last) {
    progress.add(text);
  }

  private List<Key> written() {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      if (log.isAcknowledged(i)) {
        keys.add(log.keys().key(i));
      }
    }
    return keys;
  }

  @Test
  void whatTheCachesStillHaveIsIntact() throws Exception {
    Findings findings = new CacheAudit(log, KeyReader.of(client), this::progress).run();
    assertThat(findings.wrong().isEmpty()).isTrue();
    assertThat(findings.describe())
        .isEqualTo("read through the caches: " + written().size() + " intact");
    assertThat(progress).anyMatch(each -> each.contains("40 of 40 keys"));
  }

  @Test
  void whatTheCachesHaveLostOrDamagedIsNamed() throws Exception {
    client.delete(written().get(0));
    client.put(written().get(1), new byte[100]);
    Findings findings = new CacheAudit(log, KeyReader.of(client), this::progress).run();
    assertThat(findings.wrong().cardinality()).isEqualTo(2);
    assertThat(findings.describe())
        .contains("1 missing", "1 corrupt", written().get(0) + " (missing)");
  }

  @Test
  void everyWriteIsLookedUpInTheDatabases() throws Exception {
    try (Connection first = database("one");
        Connection second = database("two")) {
      List<Key> keys = written();
      for (Key key : keys) {
        insert(key.slot() % 2 == 0 ? first : second, key, value(key));
      }
      insert(first, Key.of("load:7777777"), new byte[1]);
      insert(first, Key.of("load:05"), new byte[1]);
      insert(first, Key.of("another"), new byte[1]);
      assertThat(inDatabases().wrong().isEmpty()).isTrue();

      delete(first, keys);
      delete(second, keys);
      assertThat(inDatabases().wrong().cardinality()).isEqualTo(1);
      assertThat(inDatabases().describe()).contains("1 missing", keys.getFirst() + " (missing)");
    }
  }

  private Findings inDatabases() throws Exception {
    return new DatabaseAudit(log, List.of(url("one"), url("two")), this::progress).run();
  }

  private byte[] value(Key key) {
    return client.get(key).orElseThrow().value();
  }

  private static String url(String name) {
    return "jdbc:h2:mem:audit-" + name + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE";
  }

  private static Connection database(String name) throws SQLException {
    Connection connection = DriverManager.getConnection(url(name));
    try (PreparedStatement create =
        connection.prepareStatement(
            "CREATE TABLE kv (slot SMALLINT UNSIGNED, k VARBINARY(512), v LONGBLOB NULL,"
                + " PRIMARY KEY (slot, k))")) {
      create.execute();
    }
    return connection;
  }

  private static void insert(Connection connection, Key key, byte[] value) throws SQLException {
    byte[] bytes = key.toString().getBytes(UTF_8);
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO kv VALUES (?, ?, ?)")) {
      insert.setInt(1, HashSlots.slotOf(bytes));
      insert.setBytes(2, bytes);
      insert.setBytes(3, value);
      insert.executeUpdate();
    }
  }

  private static void delete(Connection connection, List<Key> keys) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM kv WHERE k = ?")) {
      delete.setBytes(1, keys.getFirst().toString().getBytes(UTF_8));
      delete.executeUpdate();
    }
  }
}
