package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** How many sessions a real server has of one shard, whatever they wait for there. */
class SessionsIT {

  private static final int READS = 3;
  private static final int WRITES = 2;
  private static final Key KEY = Key.of("k");

  private final ServerDatabases databases = new ServerDatabases();

  @AfterEach
  void dropSchemas() {
    databases.close();
  }

  @Test
  void whatWaitsForALockedTableEndsInTheServerBeforeItIsGivenUp() throws Exception {
    DatabaseSettings settings = impatient(databases.fresh());
    try (ShardDatabase database = ShardDatabase.open(settings)) {
      BackingStore store = database.backingStore();
      Claim leader =
          StoreContract.lead(database, database.registry().readOrCreate(), new NodeId("a"));
      int most = sessionsWhileLocked(settings, store, leader, "LOCK TABLES kv WRITE, flush WRITE");

      assertThat(most).isBetween(READS, READS + WRITES + 1);
      Flushes.flush(store, leader, StoreContract.EARLIER, List.of(write(1_000_000)));
      assertThat(store.load(KEY, FlushSpan.from(0)).version()).isEqualTo(new Version(1_000_000));
    }
  }

  @Test
  void aServerThatTakesNoWritesIsLeftByReadsAndWritesAlike() {
    DatabaseSettings settings = impatient(databases.fresh());
    try (ShardDatabase database = ShardDatabase.open(settings);
        Watch watch = new Watch(settings)) {
      BackingStore store = database.backingStore();
      Claim leader =
          StoreContract.lead(database, database.registry().readOrCreate(), new NodeId("a"));
      Flushes.flush(store, leader, StoreContract.EARLIER, List.of(write(1)));
      store.load(KEY, FlushSpan.from(0));
      List<Long> before = watch.ids();
      watch.sql.execute(
          "CREATE TRIGGER refusal BEFORE UPDATE ON shard FOR EACH ROW"
              + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'read-only'");

      assertThatThrownBy(
              () -> Flushes.flush(store, leader, StoreContract.EARLIER, List.of(write(2))))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("1290");

      await().until(() -> watch.ids().stream().noneMatch(before::contains));
      store.load(KEY, FlushSpan.from(0));
      assertThat(watch.ids()).doesNotContainAnyElementsOf(before);
    }
  }

  @Test
  void theServerEndsWhatReadsForTooLong() {
    DatabaseSettings settings = impatient(databases.fresh());
    DatabaseUrl url = DatabaseUrl.parse(String.valueOf(settings.url()));
    try (HikariDataSource reads = ConnectionPools.reads(settings, url)) {
      JdbcTemplate sql = new JdbcTemplate(reads);
      String limit =
          isMariaDb(sql)
              ? "SELECT @@SESSION.max_statement_time * 1000"
              : "SELECT @@SESSION.max_execution_time";

      assertThat(sql.queryForObject(limit, BigDecimal.class)).isEqualByComparingTo("3600");
    }
  }

  private static boolean isMariaDb(JdbcTemplate sql) {
    return String.valueOf(sql.queryForObject("SELECT VERSION()", String.class)).contains("MariaDB");
  }

  private static int sessionsWhileLocked(
      DatabaseSettings settings, BackingStore store, Claim leader, String lock)
      throws SQLException, InterruptedException {
    AtomicBoolean locked = new AtomicBoolean(true);
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Connection holder = dataSource(settings).getConnection();
        Statement statement = holder.createStatement();
        Watch watch = new Watch(settings)) {
      for (int i = 0; i < 2 * READS; i++) {
        threads.execute(whileTrue(locked, () -> store.load(KEY, FlushSpan.from(0))));
      }
      threads.execute(whileTrue(locked, store::flushNumberOnNewSession));
      AtomicInteger version = new AtomicInteger();
      threads.execute(
          whileTrue(
              locked,
              () ->
                  Flushes.flush(
                      store,
                      leader,
                      StoreContract.EARLIER,
                      List.of(write(version.incrementAndGet())))));
      await().until(() -> watch.sessions() >= READS);
      statement.execute(lock);
      long end = System.nanoTime() + settings.socketTimeout().multipliedBy(3).toNanos();
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> {
            most.accumulateAndGet(watch.sessions(), Math::max);
            return System.nanoTime() > end;
          });
    } finally {
      locked.set(false);
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
    return most.get();
  }

  private static Runnable whileTrue(AtomicBoolean flag, Runnable work) {
    return () -> {
      while (flag.get()) {
        try {
          work.run();
        } catch (StoreException e) {
          // What is looked at is what they leave in the server.
        }
      }
    };
  }

  /** Sees the sessions that have the schema for their own. */
  private static final class Watch implements AutoCloseable {

    private final SingleConnectionDataSource own;
    private final JdbcTemplate sql;
    private final String schema;

    Watch(DatabaseSettings settings) {
      this.own =
          new SingleConnectionDataSource(
              String.valueOf(settings.url()),
              Objects.requireNonNullElse(settings.username(), "root"),
              Objects.requireNonNullElse(settings.password(), ""),
              true);
      this.sql = new JdbcTemplate(own);
      this.schema = String.valueOf(sql.queryForObject("SELECT DATABASE()", String.class));
    }

    /** All but this one. */
    List<Long> ids() {
      return sql.queryForList(
          "SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID()",
          Long.class,
          schema);
    }

    int sessions() {
      return ids().size() - 1;
    }

    @Override
    public void close() {
      own.destroy();
    }
  }

  private static Write write(long version) {
    return new Write(KEY, new Version(version), new Value(new byte[1], null, Value.NEVER));
  }

  private static DriverManagerDataSource dataSource(DatabaseSettings settings) {
    DriverManagerDataSource dataSource =
        new DriverManagerDataSource(String.valueOf(settings.url()));
    dataSource.setUsername(settings.username());
    dataSource.setPassword(settings.password());
    return dataSource;
  }

  private static DatabaseSettings impatient(DatabaseSettings settings) {
    return DatabaseSettingsTest.bind(
            Map.of(
                "weir.database.pool-size",
                String.valueOf(READS),
                "weir.database.flush-pool-size",
                String.valueOf(WRITES),
                "weir.database.connect-timeout",
                "1m",
                "weir.database.pool-timeout",
                "1m",
                "weir.database.socket-timeout",
                "4s",
                "weir.database.lock-timeout",
                "1s"))
        .at(String.valueOf(settings.url()), settings.username(), settings.password());
  }
}
