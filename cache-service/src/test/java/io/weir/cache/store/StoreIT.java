package io.weir.cache.store;

import static io.weir.cache.store.Flushes.flush;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

class StoreIT extends StoreContract {

  private final ServerDatabases databases = new ServerDatabases();

  @Override
  DatabaseSettings freshDatabase() {
    return databases.fresh();
  }

  @Override
  String poisonConstraint() {
    return "ALTER TABLE kv ADD CONSTRAINT poison CHECK (OCTET_LENGTH(v) <> 7)";
  }

  @AfterAll
  void dropSchemas() {
    databases.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"45000", "45001", "99001", "HY000"})
  void aRowThatATriggerRefusesKeepsNoOtherOut(String state) {
    sql()
        .execute(
            "CREATE TRIGGER poison BEFORE INSERT ON kv FOR EACH ROW"
                + " BEGIN IF NEW.v = 'poison' THEN"
                + " SIGNAL SQLSTATE '"
                + state
                + "' SET MESSAGE_TEXT = 'no'; END IF; END");
    try {
      List<Write> batch = List.of(put(Key.of("p"), 1, "poison"), put(Key.of("q"), 1, "fine"));
      assertThat(flush(store(), leader(), EARLIER, batch).left().refused())
          .containsOnlyKeys(Key.of("p"));
      assertThat(store().load(Key.of("p"), FlushSpan.from(0))).isEqualTo(Versioned.ABSENT);
      assertThat(store().load(Key.of("q"), FlushSpan.from(0)).version()).isEqualTo(new Version(1));
    } finally {
      sql().execute("DROP TRIGGER poison");
    }
  }

  @Test
  void aVersionOfMoreThan63BitsIsAForeignRowsAndNeverInTheWay() {
    Key put = Key.of("put");
    Key deleted = Key.of("deleted");
    insert(put, new BigInteger("18446744073709551615"));
    insert(deleted, new BigInteger("9223372036854775808"));

    assertThat(store().load(put, FlushSpan.from(0)).version())
        .isEqualTo(new Version(Long.MAX_VALUE));
    assertThat(store().load(deleted, FlushSpan.from(0)).version())
        .isEqualTo(new Version(Long.MAX_VALUE));
    assertThat(store().scan(new RowRange(ALL, null), 10, 1_000, FlushSpan.from(0)).rows())
        .extracting(row -> row.what().version().value())
        .containsExactly(Long.MAX_VALUE, Long.MAX_VALUE);

    FlushReceipt receipt =
        flush(store(), leader(), new Version(7), List.of(put(put, 6, "new"), delete(deleted, 7)));

    assertThat(receipt.foreign()).containsExactlyInAnyOrder(put, deleted);
    assertThat(store().load(put, FlushSpan.from(0)).version()).isEqualTo(new Version(6));
    assertThat(store().load(deleted, FlushSpan.from(0))).isEqualTo(Versioned.ABSENT);
  }

  @Test
  void aDatabaseThatKeepsSomethingElseIsNotBelieved() {
    sql()
        .execute(
            "CREATE TRIGGER meddler BEFORE INSERT ON kv FOR EACH ROW"
                + " SET NEW.version = NEW.version - 1");
    try {
      assertThatThrownBy(() -> flush(store(), leader(), EARLIER, List.of(put(Key.of("p"), 9, "x"))))
          .isInstanceOf(RowsFailedException.class)
          .hasMessageContaining("does not keep what it is given: the row of p is at version 8")
          .hasMessageContaining("trigger");
      assertThat(store().load(Key.of("p"), FlushSpan.from(0))).isEqualTo(Versioned.ABSENT);
    } finally {
      sql().execute("DROP TRIGGER meddler");
    }
  }

  @Test
  void aRowOverThePacketLimitIsRejectedAndTheConnectionServesOn() {
    DatabaseSettings fresh = databases.fresh();
    try (ShardDatabase small =
        ShardDatabase.open(
            fresh.at(
                fresh.url()
                    + (String.valueOf(fresh.url()).contains("?") ? "&" : "?")
                    + "maxAllowedPacket=65536",
                fresh.username(),
                fresh.password()))) {
      Claim leader = lead(small);
      Value large = new Value(new byte[100_000], null, Value.NEVER);

      List<Write> batch =
          List.of(put(Key.of("a"), 1, "x"), new Write(Key.of("large"), new Version(1), large));
      assertThat(flush(small.backingStore(), leader, EARLIER, batch).left().refused())
          .containsOnlyKeys(Key.of("large"));
      assertThat(small.backingStore().load(Key.of("a"), FlushSpan.from(0)).version())
          .isEqualTo(new Version(1));
      flush(small.backingStore(), leader, EARLIER, List.of(put(Key.of("a"), 1, "x")));
      assertThat(small.backingStore().load(Key.of("a"), FlushSpan.from(0)).version())
          .isEqualTo(new Version(1));
    }
  }

  @Test
  void aFenceThatAnotherSessionHoldsIsWaitedForWithinABound() throws SQLException {
    DatabaseSettings settings = quick(databases.fresh());
    try (ShardDatabase database = ShardDatabase.open(settings)) {
      Claim leader = lead(database);
      try (Connection holder = dataSource(settings).getConnection();
          Statement statement = holder.createStatement()) {
        holder.setAutoCommit(false);
        statement.executeUpdate("UPDATE shard SET term = term + 0 WHERE one = 1");

        assertThatThrownBy(() -> flush(database.backingStore(), leader, EARLIER, List.of()))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("Lock wait timeout");
        holder.rollback();
      }
      flush(database.backingStore(), leader, EARLIER, List.of());
    }
  }

  @Test
  void writingSessionsAreEndedByTheDatabaseWhenTheyFallSilent() {
    DatabaseSettings settings = quick(databases.fresh());
    var url = DatabaseUrl.parse(Objects.requireNonNull(settings.url()));
    try (var pool = ConnectionPools.writes(settings, url)) {
      Map<String, Object> variables =
          new JdbcTemplate(pool)
              .queryForMap(
                  "SELECT @@SESSION.wait_timeout AS silence,"
                      + " @@SESSION.innodb_lock_wait_timeout AS locks");
      assertThat(variables).extractingByKey("silence").hasToString("2");
      assertThat(variables).extractingByKey("locks").hasToString("1");
    }
  }

  @Test
  void sessionsThatTheServerEndedAreReplacedAtOnce() {
    DatabaseSettings settings = quick(databases.fresh());
    try (ShardDatabase database = ShardDatabase.open(settings)) {
      Claim leader = lead(database);
      flush(database.backingStore(), leader, EARLIER, List.of(put(Key.of("a"), 1, "x")));
      // Longer than the silence that the sessions are allowed.
      sql().queryForList("SELECT SLEEP(3.5)");

      flush(database.backingStore(), leader, EARLIER, List.of(put(Key.of("a"), 2, "y")));
      assertThat(database.backingStore().load(Key.of("a"), FlushSpan.from(0)).version())
          .isEqualTo(new Version(2));
    }
  }

  private static Claim lead(ShardDatabase database) {
    return lead(database, database.registry().readOrCreate(), new NodeId("a"));
  }

  private static DatabaseSettings quick(DatabaseSettings settings) {
    return new DatabaseSettings(
        settings.url(),
        settings.username(),
        settings.password(),
        2,
        2,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofMinutes(1));
  }
}
