package io.weir.cache.store;

import static io.weir.cache.store.Flushes.flush;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.NodeId;
import io.weir.model.SlotRange;
import io.weir.model.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What {@link BackingStore} promises, on whichever server: all that a database keeps if it is to be
 * supported.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContract {

  /** Above all versions that the tests use: no row is anybody else's. */
  static final Version EARLIER = new Version(Long.MAX_VALUE);

  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final Key KEY = Key.of("user:1");
  private static final Key A_KEY = Key.of("a key");
  static final SlotRange ALL = new SlotRange(0, HashSlots.COUNT - 1);

  private ShardDatabase database;
  private BackingStore store;
  private JdbcTemplate sql;
  private Claim leader;
  private DatabaseSettings settings;

  /** Settings of an empty database that nothing else uses. */
  abstract DatabaseSettings freshDatabase();

  /** What a table is limited to, in the server's dialect. */
  abstract String poisonConstraint();

  @BeforeAll
  void open() {
    settings = freshDatabase();
    database = ShardDatabase.open(settings);
    store = database.backingStore();
    sql = new JdbcTemplate(dataSource(settings));
  }

  @AfterAll
  void close() {
    database.close();
  }

  @BeforeEach
  void startEmpty() {
    sql.update("DELETE FROM kv");
    sql.update("DELETE FROM shard");
    sql.update("DELETE FROM flush");
    sql.update("INSERT INTO flush VALUES (1, 3, 0)");
    leader = lead(A);
  }

  private Versioned load(Key key) {
    return store.load(key, FlushSpan.from(0));
  }

  @Test
  void aFlushWhoseNumberDoesNotFollowChangesNothing() {
    store.flush(leader, next(3, 5), EARLIER, List.of(put(KEY, 1, "five")));
    assertWentBack(5, next(6, 7));
    assertWentBack(5, next(3, 5));
    assertWentBack(5, next(3, 4));
    assertHolds(KEY, 1, "five");

    store.flush(leader, next(3, 8), EARLIER, List.of(put(KEY, 2, "eight")));
    assertThat(store.flushNumber(leader)).isEqualTo(8);
    store.flush(leader, next(8, 9), EARLIER, List.of(delete(KEY, 3)));
    assertThat(sql.queryForObject("SELECT highest FROM flush", Long.class)).isEqualTo(3);
    store.flush(leader, next(9, 10), EARLIER, List.of(put(KEY, 2, "older")));
    assertThat(sql.queryForObject("SELECT highest FROM flush", Long.class)).isEqualTo(3);
  }

  private static FlushNumber next(long acknowledged, long number) {
    return new FlushNumber(acknowledged, number);
  }

  private void assertWentBack(long found, FlushNumber number) {
    assertThatThrownBy(() -> store.flush(leader, number, EARLIER, List.of(put(KEY, 9, "lost"))))
        .isInstanceOfSatisfying(
            WentBackException.class, e -> assertThat(e.found()).isEqualTo(found));
  }

  @Test
  void theNumberIsReadBehindTheFence() {
    assertThat(store.flushNumber(leader)).isEqualTo(3);
    sql.update("DELETE FROM flush");
    assertThat(store.flushNumber(leader)).isZero();
    store.flush(leader, next(0, 1), EARLIER, List.of(put(KEY, 1, "x")));
    Claim successor = lead(B);
    assertThat(store.flushNumber(successor)).isEqualTo(1);
    assertThatThrownBy(() -> store.flushNumber(leader)).isInstanceOf(FencedException.class);
  }

  @Test
  void theNumberIsReadOnANewSession() {
    store.flush(leader, next(3, 4), EARLIER, List.of(put(KEY, 1, "x")));
    assertThat(store.flushNumberOnNewSession()).isEqualTo(4);
    sql.update("DELETE FROM flush");
    assertThat(store.flushNumberOnNewSession()).isEqualTo(-1);
  }

  @Test
  void whatIsReadIsNoOlderThanItMustBe() {
    store.flush(leader, next(3, 4), EARLIER, List.of(put(KEY, 1, "x")));
    Key absent = Key.of("absent");
    RowRange all = new RowRange(ALL, null);
    RowRange rest = new RowRange(ALL, KEY);
    assertThat(store.load(KEY, FlushSpan.from(4)).version()).isEqualTo(v(1));
    assertThat(store.load(absent, FlushSpan.from(4))).isEqualTo(Versioned.ABSENT);
    assertThat(store.scan(all, 10, 10, FlushSpan.from(4)).rows()).hasSize(1);
    assertThat(store.scan(rest, 10, 10, FlushSpan.from(4)).rows()).isEmpty();

    assertBehind(() -> store.load(KEY, FlushSpan.from(5)));
    assertBehind(() -> store.load(absent, FlushSpan.from(5)));
    assertBehind(() -> store.scan(all, 10, 10, FlushSpan.from(5)));
    assertBehind(() -> store.scan(rest, 10, 10, FlushSpan.from(5)));
    sql.update("DELETE FROM flush");
    assertBehind(() -> store.load(absent, FlushSpan.from(1)));
    assertBehind(() -> store.scan(rest, 10, 10, FlushSpan.from(1)));
    assertBehind(() -> store.load(KEY, FlushSpan.from(0)));
  }

  @Test
  void rowsAreReadTogetherAsTheyAreAlone() {
    Key absent = Key.of("absent");
    Key typed = Key.of("typed");
    Write typedPut = new Write(typed, v(2), new Value(bytes("y"), "text/plain", 9_000));
    store.flush(leader, next(3, 4), EARLIER, List.of(put(KEY, 1, "x"), typedPut));
    Map<Key, Versioned> rows = store.loadAll(List.of(KEY, absent, typed), FlushSpan.from(0));
    assertThat(rows).containsOnlyKeys(KEY, absent, typed);
    assertThat(rows.get(absent)).isEqualTo(Versioned.ABSENT);
    assertThat(row(rows, KEY).version()).isEqualTo(v(1));
    assertThat(value(row(rows, KEY)).bytes()).isEqualTo(bytes("x"));
    assertThat(value(row(rows, typed)).contentType()).isEqualTo("text/plain");
    assertThat(value(row(rows, typed)).expiresAtMillis()).isEqualTo(9_000);
    assertThat(store.loadAll(List.of(absent), FlushSpan.from(0)))
        .containsExactly(Map.entry(absent, Versioned.ABSENT));
    assertBehind(() -> store.loadAll(List.of(KEY, absent), FlushSpan.from(99)));
    assertBehind(() -> store.loadAll(List.of(absent), FlushSpan.from(99)));
  }

  private static Versioned row(Map<Key, Versioned> rows, Key key) {
    return Objects.requireNonNull(rows.get(key));
  }

  @Test
  void aRowThatIsLargeForItsShareIsLeftOutOfThoseReadTogether() {
    Key large = Key.of("large");
    byte[] bytes = new byte[Math.toIntExact(BackingStore.MOST_BYTES / 2 + 1)];
    Write largePut = new Write(large, v(2), new Value(bytes, null, Value.NEVER));
    store.flush(leader, next(3, 4), EARLIER, List.of(put(KEY, 1, "x"), largePut));
    assertThat(store.loadAll(List.of(KEY, large), FlushSpan.from(0))).containsOnlyKeys(KEY);
    assertThat(store.loadAll(List.of(large), FlushSpan.from(0))).containsOnlyKeys(large);
    assertThat(value(load(large)).bytes()).hasSize(bytes.length);
  }

  @Test
  void whatIsReadIsNoNewerThanWhatIsKnown() {
    store.flush(leader, next(3, 4), EARLIER, List.of(put(KEY, 1, "x")));
    FlushSpan known = new FlushSpan(0, 3);
    for (ThrowableAssert.ThrowingCallable read :
        List.<ThrowableAssert.ThrowingCallable>of(
            () -> store.load(KEY, known),
            () -> store.load(Key.of("absent"), known),
            () -> store.scan(new RowRange(ALL, null), 10, 10, known))) {
      assertThatThrownBy(read)
          .isInstanceOf(DatabaseBehindException.class)
          .hasMessageContaining("this server knows of none above 3");
    }
    assertThat(store.load(KEY, new FlushSpan(0, 4)).version()).isEqualTo(v(1));
  }

  private static void assertBehind(ThrowableAssert.ThrowingCallable read) {
    assertThatThrownBy(read)
        .isInstanceOf(DatabaseBehindException.class)
        .hasMessageContaining("leads to a server that lags behind, or to another one");
  }

  @Test
  void aKeyWithoutRowIsAbsent() {
    assertThat(load(KEY)).isEqualTo(Versioned.ABSENT);
  }

  @Test
  void whatIsPutIsLoaded() {
    flush(
        store,
        leader,
        EARLIER,
        List.of(new Write(KEY, v(7), new Value(bytes("x"), "text/plain", 9_000))));

    Versioned loaded = load(KEY);
    assertThat(loaded.version()).isEqualTo(v(7));
    assertThat(value(loaded).bytes()).isEqualTo(bytes("x"));
    assertThat(value(loaded).contentType()).isEqualTo("text/plain");
    assertThat(value(loaded).expiresAtMillis()).isEqualTo(9_000);
  }

  @Test
  void aValueMayLackContentTypeAndExpiry() {
    flush(store, leader, EARLIER, List.of(put(KEY, 1, "x")));

    assertThat(value(load(KEY)).contentType()).isNull();
    assertThat(value(load(KEY)).expiresAtMillis()).isEqualTo(Value.NEVER);
  }

  @Test
  void pagesOfAScanMakeTheWholeInTheOrderOfThePrimaryKey() {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      // Three slots of a hundred keys each, whose order is that of unsigned bytes.
      writes.add(put(Key.of("{" + i % 3 + "}" + (i % 2 == 0 ? "" : "é") + i), i + 1, "v" + i));
    }
    flush(store, leader, EARLIER, writes);
    List<Key> ordered = writes.stream().map(Write::key).sorted(RowRange.ORDER).toList();
    for (int limit : new int[] {1, 7, 100, 300, 301}) {
      assertThat(scan(ALL, limit, Long.MAX_VALUE)).as("limit %d", limit).isEqualTo(ordered);
    }
    assertThat(scan(ALL, 1_000, 10)).isEqualTo(ordered);
    int slot = Key.of("{1}").slot();
    assertThat(scan(new SlotRange(slot, slot), 7, Long.MAX_VALUE))
        .hasSize(100)
        .allMatch(key -> key.slot() == slot);
  }

  @Test
  void aScanReadsEveryColumnAndIsBoundedInBytes() {
    flush(
        store,
        leader,
        EARLIER,
        List.of(new Write(KEY, v(7), new Value(bytes("x"), "text/plain", 9_000))));
    RowPage page = store.scan(new RowRange(ALL, null), 10, 10, FlushSpan.from(0));
    assertThat(page.end()).isNull();
    assertThat(page.rows()).singleElement().extracting(Row::key).isEqualTo(KEY);
    Value value = value(page.rows().getFirst().what());
    assertThat(value.contentType()).isEqualTo("text/plain");
    assertThat(value.expiresAtMillis()).isEqualTo(9_000);
    assertThat(page.rows().getFirst().what().version()).isEqualTo(v(7));

    flush(
        store,
        leader,
        EARLIER,
        IntStream.range(0, 5).mapToObj(i -> put(Key.of("k" + i), 8, "x".repeat(1_000))).toList());
    assertThat(store.scan(new RowRange(ALL, null), 10, 2_500, FlushSpan.from(0)).rows())
        .hasSizeBetween(2, 3);
    assertThat(store.scan(new RowRange(ALL, null), 10, 0, FlushSpan.from(0)).rows()).hasSize(1);
  }

  @Test
  void rowsWhoseKeyIsNoneEndNoScan() {
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      writes.add(put(Key.of("k" + i), i + 1, "v" + i));
    }
    flush(store, leader, EARLIER, writes);
    List<Key> ordered = writes.stream().map(Write::key).sorted(RowRange.ORDER).toList();
    long before = database.unreadableRows();
    insertUnreadable(null);
    for (int limit : new int[] {1, 2, 7, 100}) {
      assertThat(scan(ALL, limit, Long.MAX_VALUE)).as("limit %d", limit).isEqualTo(ordered);
    }
    assertThat(scan(ALL, 1_000, 1)).isEqualTo(ordered);
    assertThat(database.unreadableRows()).isGreaterThanOrEqualTo(before + 5 * UNREADABLE);
    sql.update("DELETE FROM kv WHERE version > 0");
    assertThat(scan(ALL, 1, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void expiredRowsWhoseKeyIsNoneDoNotKeepTheOthers() {
    insertUnreadable(1L);
    flush(
        store,
        leader,
        EARLIER,
        IntStream.range(0, 7).mapToObj(i -> expiring(Key.of("e" + i), 1, 1 + i)).toList());

    assertThat(store.deleteExpired(leader, 5_000, 2)).isEqualTo(2);
    assertThat(store.deleteExpired(leader, 5_000, 2)).isEqualTo(2);
    assertThat(store.deleteExpired(leader, 5_000, 100)).isEqualTo(3);
    assertThat(store.deleteExpired(leader, 5_000, 1)).isZero();
    assertThat(sql.queryForObject("SELECT COUNT(*) FROM kv", Integer.class)).isEqualTo(UNREADABLE);
  }

  private static final int UNREADABLE = 8;

  /** Rows that others wrote: no UTF-8, empty, and keys in slots before and after their own. */
  private void insertUnreadable(@Nullable Long expiresAt) {
    Key key = Key.of("of another slot");
    Object[][] rows = {
      {0, new byte[] {(byte) 0xE9}},
      {0, new byte[0]},
      {HashSlots.COUNT - 1, new byte[] {(byte) 0xFF, 1}},
      {0, key.bytes()},
      {key.slot() - 1, key.bytes()},
      {key.slot() + 1, key.bytes()},
      {HashSlots.COUNT - 1, key.bytes()},
      {Key.of("k1").slot(), new byte[] {'k', (byte) 0x80}}
    };
    for (Object[] row : rows) {
      sql.update(
          "INSERT INTO kv (slot, k, v, expires_at, version) VALUES (?, ?, 'unreadable', ?, 0)",
          row[0],
          row[1],
          expiresAt);
    }
  }

  private List<Key> scan(SlotRange slots, int limit, long bytes) {
    List<Key> keys = new ArrayList<>();
    @Nullable Key after = null;
    do {
      RowPage page = store.scan(new RowRange(slots, after), limit, bytes, FlushSpan.from(0));
      page.rows().forEach(row -> keys.add(row.key()));
      after = page.end();
    } while (after != null);
    return keys;
  }

  @Test
  void aNewerPutReplacesEveryColumn() {
    flush(
        store,
        leader,
        EARLIER,
        List.of(new Write(KEY, v(1), new Value(bytes("x"), "text/plain", 9_000))));
    flush(store, leader, EARLIER, List.of(put(KEY, 2, "y")));

    assertThat(load(KEY).version()).isEqualTo(v(2));
    assertThat(value(load(KEY)).bytes()).isEqualTo(bytes("y"));
    assertThat(value(load(KEY)).contentType()).isNull();
    assertThat(value(load(KEY)).expiresAtMillis()).isEqualTo(Value.NEVER);
  }

  @Test
  void anOlderPutChangesNothing() {
    flush(store, leader, EARLIER, List.of(put(KEY, 5, "new")));
    flush(store, leader, EARLIER, List.of(put(KEY, 4, "old")));

    assertHolds(KEY, 5, "new");
  }

  @Test
  void aPutOfTheSameVersionChangesNothing() {
    flush(store, leader, EARLIER, List.of(put(KEY, 5, "first")));
    flush(store, leader, EARLIER, List.of(put(KEY, 5, "second")));

    assertHolds(KEY, 5, "first");
  }

  @Test
  void theLargestVersionIsStored() {
    flush(store, leader, EARLIER, List.of(put(KEY, Long.MAX_VALUE - 1, "x")));
    flush(store, leader, EARLIER, List.of(put(KEY, Long.MAX_VALUE, "y")));

    assertHolds(KEY, Long.MAX_VALUE, "y");
    flush(store, leader, EARLIER, List.of(delete(KEY, Long.MAX_VALUE - 1)));
    assertHolds(KEY, Long.MAX_VALUE, "y");
  }

  @Test
  void aNewerDeleteRemovesTheRowAndAPutAfterItStoresAgain() {
    flush(store, leader, EARLIER, List.of(put(KEY, 1, "x")));
    flush(store, leader, EARLIER, List.of(delete(KEY, 2)));
    assertThat(load(KEY)).isEqualTo(Versioned.ABSENT);

    flush(store, leader, EARLIER, List.of(put(KEY, 3, "y")));
    assertHolds(KEY, 3, "y");
  }

  @Test
  void anOlderOrEqualDeleteLeavesTheRow() {
    flush(store, leader, EARLIER, List.of(put(KEY, 5, "x")));
    flush(store, leader, EARLIER, List.of(delete(KEY, 4)));

    assertHolds(KEY, 5, "x");
  }

  @Test
  void aRowAtADeletesOwnVersionIsNotThisShardsAndGoes() {
    flush(store, leader, EARLIER, List.of(put(KEY, 5, "x")));
    flush(store, leader, EARLIER, List.of(delete(KEY, 5)));

    assertThat(load(KEY)).isEqualTo(Versioned.ABSENT);
  }

  @Test
  void aFlushTellsWhichRowsAreNewerAndLeavesThem() {
    Key other = Key.of("other");
    flush(store, leader, EARLIER, List.of(put(KEY, 5, "new"), put(other, 5, "new")));

    FlushReceipt receipt =
        flush(
            store, leader, v(5), List.of(put(KEY, 4, "old"), delete(other, 3), put(A_KEY, 4, "x")));

    assertThat(receipt.newer()).isEqualTo(Map.of(KEY, v(5), other, v(5)));
    assertThat(receipt.foreign()).isEmpty();
    assertHolds(KEY, 5, "new");
    assertHolds(other, 5, "new");
    assertHolds(A_KEY, 4, "x");
  }

  @Test
  void aNewerRowThatNoEarlierLeaderWroteIsReplaced() {
    Key deleted = Key.of("deleted");
    insert(KEY, 1L << 62);
    insert(deleted, 8);

    FlushReceipt receipt =
        flush(
            store,
            leader,
            v(7),
            List.of(
                new Write(KEY, v(6), new Value(bytes("new"), "text/plain", 9_000)),
                delete(deleted, 7),
                put(A_KEY, 5, "x")));

    assertThat(receipt.foreign()).containsExactlyInAnyOrder(KEY, deleted);
    assertThat(receipt.newer()).isEmpty();
    // The fence, two statements, the read, and one for each row.
    assertThat(receipt.statements()).isEqualTo(2 + 2 + 1 + 2);
    assertHolds(KEY, 6, "new");
    assertThat(value(load(KEY)).contentType()).isEqualTo("text/plain");
    assertThat(value(load(KEY)).expiresAtMillis()).isEqualTo(9_000);
    assertThat(load(deleted)).isEqualTo(Versioned.ABSENT);
    assertHolds(A_KEY, 5, "x");

    insert(KEY, 9);
    flush(store, leader, v(8), List.of(put(KEY, 8, "")));
    assertHolds(KEY, 8, "");
  }

  @Test
  void aDeleteOfAnAbsentKeyLeavesItAbsent() {
    flush(store, leader, EARLIER, List.of(delete(KEY, 4)));

    assertThat(load(KEY)).isEqualTo(Versioned.ABSENT);
    assertThat(sql.queryForObject("SELECT COUNT(*) FROM kv", Integer.class)).isZero();
  }

  @Test
  void aRowWithoutValueIsATombstone() {
    sql.update("INSERT INTO kv (slot, k, version) VALUES (?, ?, 9)", KEY.slot(), KEY.bytes());

    assertThat(load(KEY)).isEqualTo(Versioned.of(v(9), null));
    flush(store, leader, EARLIER, List.of(put(KEY, 8, "old")));
    assertThat(load(KEY)).isEqualTo(Versioned.of(v(9), null));
  }

  @Test
  void aFlushTakesManyPutsAndDeletesInAnyOrderAndMayBeRepeated() {
    List<Write> puts =
        IntStream.range(0, 300).mapToObj(i -> put(Key.of("k" + i), 10 + i, "v" + i)).toList();
    assertThat(flush(store, leader, EARLIER, puts).statements()).isEqualTo(2 + 2 + 2);

    List<Write> mixed = new ArrayList<>();
    for (int i = 299; i >= 0; i--) {
      Key key = Key.of("k" + i);
      // Every third is too old to matter.
      long version = i % 3 == 0 ? 5 : 1_000 + i;
      mixed.add(i % 2 == 0 ? delete(key, version) : put(key, version, "w" + i));
    }
    // 150 deletes, and as many puts; the read that ends it has up to 192 keys.
    assertThat(flush(store, leader, EARLIER, mixed).statements()).isEqualTo(2 + 2 + 2);
    flush(store, leader, EARLIER, mixed);

    for (int i = 0; i < 300; i++) {
      if (i % 3 == 0) {
        assertHolds(Key.of("k" + i), 10 + i, "v" + i);
      } else if (i % 2 == 0) {
        assertThat(load(Key.of("k" + i))).isEqualTo(Versioned.ABSENT);
      } else {
        assertHolds(Key.of("k" + i), 1_000 + i, "w" + i);
      }
    }
  }

  @Test
  void aRandomHistoryEndsWithTheNewestVersionOfEachKey() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long[] newest = new long[8];
    for (int flush = 0; flush < 40; flush++) {
      List<Write> writes = new ArrayList<>();
      for (int k = 0; k < newest.length; k++) {
        if (random.nextBoolean()) {
          long version = 1 + random.nextInt(1_000);
          newest[k] = Math.max(newest[k], version);
          writes.add(put(Key.of("r" + k), version, "v" + version));
        }
      }
      flush(store, leader, EARLIER, writes);
    }
    for (int k = 0; k < newest.length; k++) {
      assertThat(load(Key.of("r" + k)).version()).as("seed %d", seed).isEqualTo(v(newest[k]));
      assertHolds(Key.of("r" + k), newest[k], "v" + newest[k]);
    }
  }

  @Test
  void aFlushOfNothingPassesTheFenceOnly() {
    assertThat(flush(store, leader, EARLIER, List.of())).isEqualTo(new FlushReceipt(2));
  }

  @Test
  void valuesOfNoBytesAndOfOneMebibyteComeBackAsTheyWere() {
    byte[] large = new byte[1 << 20];
    new Random(1).nextBytes(large);
    Key other = Key.of("large");
    flush(
        store,
        leader,
        EARLIER,
        List.of(put(KEY, 1, ""), new Write(other, v(1), new Value(large, null, Value.NEVER))));

    assertThat(value(load(KEY)).bytes()).isEmpty();
    assertThat(value(load(other)).bytes()).isEqualTo(large);
  }

  @Test
  void aRowThatIsLargerThanMostIsReadWhole() {
    for (int bytes : new int[] {(1 << 20) + 1, 3 << 20}) {
      byte[] large = new byte[bytes];
      new Random(bytes).nextBytes(large);
      flush(store, leader, EARLIER, List.of(new Write(KEY, v(bytes), new Value(large, "a/b", 42))));
      Value loaded = value(load(KEY));
      assertThat(loaded.bytes()).isEqualTo(large);
      assertThat(loaded.contentType()).isEqualTo("a/b");
      assertThat(loaded.expiresAtMillis()).isEqualTo(42);
    }
  }

  @Test
  void largeValuesAreSpreadOverStatements() {
    byte[] large = new byte[1 << 20];
    List<Write> writes =
        IntStream.range(0, 6)
            .mapToObj(i -> new Write(Key.of("l" + i), v(1), new Value(large, null, Value.NEVER)))
            .toList();

    assertThat(flush(store, leader, EARLIER, writes).statements()).isEqualTo(2 + 2 + 1);
  }

  @Test
  void keysAreBytes() {
    List<Key> keys =
        List.of(
            Key.of("a"),
            Key.of("A"),
            Key.of("a "),
            Key.of("a\0"),
            Key.of("ä"),
            Key.of("a\u0308"),
            Key.of("\\'\"%_?"),
            Key.of("\uD83D\uDE00"),
            Key.of("x".repeat(Key.MAX_BYTES)),
            Key.of("é".repeat(Key.MAX_BYTES / 2)));
    List<Write> writes = keys.stream().map(key -> put(key, 1, key.toString())).toList();
    flush(store, leader, EARLIER, writes);

    assertThat(keys).allSatisfy(key -> assertHolds(key, 1, key.toString()));
    flush(store, leader, EARLIER, keys.stream().map(key -> delete(key, 2)).toList());
    assertThat(keys).allSatisfy(key -> assertThat(load(key)).isEqualTo(Versioned.ABSENT));
  }

  @Test
  void anOldGenerationIsFencedOff() {
    Claim successor = lead(B);

    assertThatThrownBy(() -> flush(store, leader, EARLIER, List.of(put(KEY, 1, "x"))))
        .isInstanceOf(FencedException.class)
        .hasMessage(
            "node a may not change the shard in generation 1, term 1: "
                + "it is led by b in generation 2, term 2");
    assertThat(load(KEY)).isEqualTo(Versioned.ABSENT);
    flush(store, successor, EARLIER, List.of(put(KEY, 2, "y")));
    assertHolds(KEY, 2, "y");
  }

  @Test
  void anOlderTermIsFencedOff() {
    flush(store, new Claim(1, 5, B), EARLIER, List.of());

    assertFenced(new Claim(1, 4, A));
    assertFenced(new Claim(1, 4, B));
  }

  @Test
  void anotherLeaderOfTheSameTermIsFencedOff() {
    assertFenced(new Claim(leader.generation(), leader.term(), B));
    assertFenced(new Claim(leader.generation(), leader.term(), new NodeId("A")));
  }

  @Test
  void aGenerationThatNobodyTookIsFencedOff() {
    assertFenced(new Claim(99, 99, A));
  }

  @Test
  void cleaningUpIsFencedToo() {
    flush(store, leader, EARLIER, List.of(expiring(KEY, 1, 1_000)));
    Claim old = leader;
    lead(B);

    assertThatThrownBy(() -> store.deleteExpired(old, 2_000, 10))
        .isInstanceOf(FencedException.class);
    assertThat(load(KEY).version()).isEqualTo(v(1));
  }

  @Test
  void aLeaderThatHasNothingToCleanUpLearnsThatAnotherTookOver() {
    Claim old = leader;
    assertThat(store.deleteExpired(old, 2_000, 10)).isZero();
    lead(B);

    assertThatThrownBy(() -> store.deleteExpired(old, 2_000, 10))
        .isInstanceOf(FencedException.class)
        .hasMessage(
            "node a may not change the shard in generation 1, term 1: "
                + "it is led by b in generation 2, term 2");
  }

  @Test
  void whereNothingHasExpiredNoTransactionBegins() throws SQLException {
    flush(
        store, leader, EARLIER, List.of(expiring(KEY, 1, System.currentTimeMillis() + 3_600_000)));
    try (Connection holder = Objects.requireNonNull(sql.getDataSource()).getConnection()) {
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        // A transaction would wait for this one at the fence, and fail.
        statement.executeUpdate("UPDATE shard SET term = term + 0 WHERE one = 1");

        assertThat(store.deleteExpired(leader, System.currentTimeMillis(), 100)).isZero();
      }
      holder.rollback();
    }
  }

  @Test
  void ofTwoLeadersThatRaceTheOldOneWritesNothingAfterTheNewOneHas() throws Exception {
    Claim old = new Claim(1, 2, A);
    Claim young = new Claim(1, 3, B);
    int flushes = 100;
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<?> loser =
          executor.submit(() -> {
            for (int i = 1; i <= flushes; i++) {
              flush(store, old, EARLIER, List.of(put(KEY, i, "old")));
            }
          });
      Future<?> winner =
          executor.submit(() -> {
            for (int i = 1; i <= flushes; i++) {
              flush(store, young, EARLIER, List.of(put(Key.of("other"), i, "young")));
            }
            return load(KEY);
          });
      Object seen = winner.get();
      assertThat(load(KEY).version()).isEqualTo(((Versioned) seen).version());
      try {
        loser.get();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(FencedException.class);
      }
      assertHolds(Key.of("other"), flushes, "young");
    }
  }

  @Test
  void onlyWhatHasExpiredIsDeletedAndNoMoreThanTheLimit() {
    long now = System.currentTimeMillis();
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      writes.add(expiring(Key.of("e" + i), 1, 1_000 + i));
    }
    writes.add(expiring(Key.of("at"), 1, 5_000));
    writes.add(expiring(Key.of("later"), 1, now + 3_600_000));
    writes.add(put(Key.of("never"), 1, "x"));
    flush(store, leader, EARLIER, writes);

    assertThat(store.deleteExpired(leader, 5_000, 4)).isEqualTo(4);
    assertThat(load(Key.of("e0"))).isEqualTo(Versioned.ABSENT);
    assertThat(load(Key.of("e9")).version()).isEqualTo(v(1));
    assertThat(store.deleteExpired(leader, 5_000, 100)).isEqualTo(6);
    assertThat(store.deleteExpired(leader, 5_000, 100)).isZero();
    assertThat(sql.queryForObject("SELECT COUNT(*) FROM kv", Integer.class)).isEqualTo(3);
  }

  @Test
  void aLeaderWhoseClockIsAheadDeletesNothingThatTheDatabaseHoldsAlive() {
    flush(
        store, leader, EARLIER, List.of(expiring(KEY, 1, System.currentTimeMillis() + 3_600_000)));

    assertThat(store.deleteExpired(leader, Long.MAX_VALUE, 100)).isZero();
    assertThat(load(KEY).version()).isEqualTo(v(1));
  }

  @Test
  void aRowThatTheDatabaseRefusesKeepsNoOtherOut() {
    sql.execute(poisonConstraint());
    try {
      List<Write> batch = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        batch.add(put(Key.of("k" + i), 1, i == 17 || i == 250 ? "poison!" : "fine"));
      }

      FlushReceipt receipt = flush(store, leader, EARLIER, batch);

      assertThat(receipt.left().refused()).containsOnlyKeys(Key.of("k17"), Key.of("k250"));
      assertThat(receipt.left().refused().get(Key.of("k17")))
          .contains("refuses a row for its data");
      assertThat(receipt.left().unresolved()).isEmpty();
      assertThat(receipt.left().untried()).isEmpty();
      assertThat(receipt.brought(batch)).hasSize(298);
      assertThat(sql.queryForObject("SELECT COUNT(*) FROM kv", Integer.class)).isEqualTo(298);
    } finally {
      sql.execute("ALTER TABLE kv DROP CONSTRAINT poison");
    }
  }

  @Test
  void whereTooManyAreRefusedTheRestComesBackInSmallParts() {
    sql.execute(poisonConstraint());
    try {
      List<Write> batch = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        batch.add(put(Key.of("k" + i), 1, "poison!"));
      }
      long before = store.flushNumber(leader);

      FlushReceipt receipt = flush(store, leader, EARLIER, batch);

      assertThat(receipt.statements()).isLessThan(80);
      assertThat(receipt.brought(batch)).isEmpty();
      assertThat(receipt.left().untried()).isEmpty();
      assertThat(receipt.left().unresolved())
          .isNotEmpty()
          .allSatisfy(part -> assertThat(part).hasSizeLessThanOrEqualTo(32));
      assertThat(store.flushNumber(leader)).as("nothing was committed").isEqualTo(before);
    } finally {
      sql.execute("ALTER TABLE kv DROP CONSTRAINT poison");
    }
  }

  @Test
  void aRowThatAnotherTransactionHoldsIsFoundWithoutWaiting() throws Exception {
    List<Write> batch = List.of(put(KEY, 1, "a"), put(Key.of("free"), 1, "b"));
    flush(store, leader, EARLIER, batch);
    try (Connection other = dataSource(settings).getConnection();
        PreparedStatement change =
            other.prepareStatement("UPDATE kv SET content_type = 'x' WHERE slot = ? AND k = ?")) {
      other.setAutoCommit(false);
      change.setInt(1, KEY.slot());
      change.setBytes(2, KEY.bytes());
      change.execute();

      assertThat(store.locked(List.of(KEY, Key.of("free"), Key.of("absent")))).containsExactly(KEY);
      List<Write> newer = List.of(put(KEY, 2, "c"), put(Key.of("free"), 2, "d"));
      assertThatThrownBy(() -> flush(store, leader, EARLIER, newer))
          .isInstanceOfSatisfying(
              RowsFailedException.class,
              e -> {
                assertThat(e.isLock()).isTrue();
                assertThat(e.rows()).contains(newer.getFirst());
              });
      flush(store, leader, EARLIER, newer.subList(1, 2));
      assertHolds(Key.of("free"), 2, "d");
      other.rollback();
    }
    assertThat(store.locked(List.of(KEY))).isEmpty();
  }

  @Test
  void aContentTypeThatIsTooLongRejectsTheRow() {
    Value value = new Value(bytes("x"), "t".repeat(256), Value.NEVER);

    FlushReceipt receipt = flush(store, leader, EARLIER, List.of(new Write(KEY, v(1), value)));

    assertThat(receipt.left().refused()).containsOnlyKeys(KEY);
  }

  @Test
  void aMissingTableIsNoFaultOfTheRows() {
    sql.execute("ALTER TABLE kv RENAME TO kv_away");
    try {
      assertThatThrownBy(() -> load(KEY)).isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(() -> flush(store, leader, EARLIER, List.of(put(KEY, 1, "x"))))
          .isInstanceOfSatisfying(RowsFailedException.class, e -> assertThat(e.isLock()).isFalse());
    } finally {
      sql.execute("ALTER TABLE kv_away RENAME TO kv");
    }
  }

  JdbcTemplate sql() {
    return sql;
  }

  BackingStore store() {
    return store;
  }

  Claim leader() {
    return leader;
  }

  Claim lead(NodeId node) {
    ShardRow row = database.registry().readOrCreate();
    return lead(database, row, node);
  }

  /** Founds the next generation, whose first leader the node is. */
  static Claim lead(ShardDatabase database, ShardRow row, NodeId node) {
    long generation = row.generation() + 1;
    assertThat(
            database
                .registry()
                .found(row.generation(), generation, node, "host:8401:1", "a secret of it"))
        .isTrue();
    Claim claim = new Claim(generation, row.term() + 1, node);
    database.registry().recordMembers(claim, List.of("host:8401:1"));
    return claim;
  }

  static DriverManagerDataSource dataSource(DatabaseSettings settings) {
    return new DriverManagerDataSource(
        DatabaseUrl.parse(String.valueOf(settings.url())).text(),
        String.valueOf(settings.username()),
        String.valueOf(settings.password()));
  }

  static Write put(Key key, long version, String value) {
    return new Write(key, v(version), new Value(bytes(value), null, Value.NEVER));
  }

  static Write delete(Key key, long version) {
    return new Write(key, v(version), null);
  }

  /** Puts a row in, or changes it, as another program does. */
  final void insert(Key key, Object version) {
    sql.update("DELETE FROM kv WHERE slot = ? AND k = ?", key.slot(), key.bytes());
    sql.update(
        "INSERT INTO kv (slot, k, v, version) VALUES (?, ?, 'foreign', ?)",
        key.slot(),
        key.bytes(),
        version);
  }

  private static Write expiring(Key key, long version, long expiresAt) {
    return new Write(key, v(version), new Value(bytes("x"), null, expiresAt));
  }

  private void assertHolds(Key key, long version, String value) {
    Versioned loaded = load(key);
    assertThat(loaded.version()).isEqualTo(v(version));
    assertThat(new String(value(loaded).bytes(), UTF_8)).isEqualTo(value);
  }

  private void assertFenced(Claim claim) {
    assertThatThrownBy(() -> flush(store, claim, EARLIER, List.of(put(KEY, 1, "x"))))
        .isInstanceOf(FencedException.class);
    assertThat(load(KEY)).isEqualTo(Versioned.ABSENT);
  }

  private static Value value(Versioned versioned) {
    @Nullable Value value = versioned.value();
    assertThat(value).isNotNull();
    return Objects.requireNonNull(value);
  }

  private static Version v(long version) {
    return new Version(version);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
