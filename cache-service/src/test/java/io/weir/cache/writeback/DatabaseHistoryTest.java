package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.DatabaseProgress;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.engine.Weights;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a shard whose database does not hold what it has acknowledged. */
class DatabaseHistoryTest {

  private final WriteBackFixture fixture = WriteBackFixture.of(settings());
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(store.violations).isEmpty();
  }

  @Test
  void everyFlushHasANumberAndTheJournalKnowsTheLastOne() {
    put("a", "1");
    put("a", "2");
    assertThat(store.number()).isEqualTo(2);
    assertThat(progress()).isEqualTo(state(2, 0));
  }

  @Test
  void aReadFromADatabaseThatIsBehindDoesNotCount() {
    put("k", "old");
    Map<Key, Versioned> then = store.rows();
    put("k", "new");
    cache.engine.dropClean();
    store.goBackTo(then, 1);

    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(DatabaseBehindException.class);
    assertThat(cache.isResident("k")).isFalse();
  }

  @Test
  void aReadThatBeganBeforeTheDatabaseWentBackDoesNotCount() {
    put("k", "old");
    Map<Key, Versioned> then = store.rows();
    put("k", "new");
    cache.engine.dropClean();
    FlushSpan before = cache.engine.progress().now().numbers();
    store.beforeLoad =
        key -> {
          store.beforeLoad = _ -> {};
          store.goBackTo(then, 1);
          put("other", "1");
          fixture.flushOld();
        };

    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(EngineException.WentBack.class);
    assertThat(cache.isResident("k")).isFalse();
    assertThat(store.number()).isGreaterThan(2);
    assertThat(before.contains(store.number()))
        .as("for a member that has not heard of it")
        .isFalse();
  }

  @Test
  void aRowThatWasReadBeforeTheDatabaseWentBackIsNotKept() {
    put("k", "old");
    Map<Key, Versioned> then = store.rows();
    put("k", "new");
    cache.engine.dropClean();
    store.afterLoad =
        key -> {
          store.afterLoad = _ -> {};
          store.goBackTo(then, 1);
          put("other", "1");
        };

    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(cache.isResident("k")).as("it would be clean, and not in the database").isFalse();
  }

  @Test
  void whatIsAcceptedIsTheSameAtEveryMember() {
    put("k", "v");
    cache.engine.apply(new Mutation.DatabaseState(0, 2, 5));
    cache.engine.apply(new Mutation.DatabaseAccepted(1));
    assertThat(cache.isResident("k")).as("more is missing than that").isTrue();
    cache.engine.apply(new Mutation.DatabaseAccepted(2));
    assertThat(cache.isResident("k")).isFalse();
  }

  @Test
  void whatIsAcknowledgedStaysBelowWhatIsSetAside() {
    for (int i = 0; i < 1_100; i++) {
      put("k", "v" + i);
      DatabaseProgress.State now = cache.engine.progress().now();
      assertThat(now.acknowledged()).isLessThan(now.highest());
    }
  }

  @Test
  void theJournalIsToldOnlyWhenNewSessionsFindTheSame() {
    put("k", "old");
    Map<Key, Versioned> then = store.rows();
    put("k", "new");
    Map<Key, Versioned> now = store.rows();
    store.goBackTo(then, 1);
    store.onRenewal = () -> store.goBackTo(now, 2); // It was the old sessions.

    put("other", "1");

    assertThat(store.renewals).hasValue(1);
    assertThat(progress()).isEqualTo(state(4, 0));
    assertThat(text(store.row(key("other")))).isEqualTo("1");
  }

  @Test
  void whatIsInMemoryIsWrittenAgainAndNothingElseIsServedUntilItIsAccepted() {
    put("k", "old");
    put("evicted", "old");
    Map<Key, Versioned> then = store.rows();
    put("evicted", "new");
    cache.engine.dropClean();
    put("k", "new");
    assertThat(cache.delete("gone")).isNotNull();
    fixture.flushOld();
    store.goBackTo(then, 2);

    put("other", "1");

    assertThat(progress().wentBack()).isTrue();
    assertThat(progress().missing()).isEqualTo(3);
    assertThat(cache.get("k")).isEqualTo("new");
    assertThatThrownBy(() -> cache.get("evicted"))
        .isInstanceOf(EngineException.WentBack.class)
        .hasMessageContaining("has lost 3 flushes");
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("new");
    assertThat(text(store.row(key("other")))).isEqualTo("1");
    assertThat(text(store.row(key("evicted")))).isEqualTo("old");
    assertThat(progress().wentBack()).as("however high the number is by now").isTrue();

    assertThat(accept(2)).isEqualTo(AcceptOutcome.OTHER_NUMBER);
    assertThat(progress().wentBack()).isTrue();
    assertThat(accept(3)).isEqualTo(AcceptOutcome.ACCEPTED);
    assertThat(accept(3)).isEqualTo(AcceptOutcome.NOT_WENT_BACK);
    assertThat(cache.get("evicted")).isEqualTo("old");
    assertThat(progress()).isEqualTo(state(store.number(), 0));
  }

  @Test
  void aConditionOnWhatIsNotInMemoryDoesNotPass() {
    Version old = put("k", "old");
    Map<Key, Versioned> then = store.rows();
    put("k", "new");
    cache.engine.dropClean();
    store.goBackTo(then, 1);

    assertThatThrownBy(
            () -> cache.write(key("k"), value("on old"), current -> current.version().equals(old)))
        .isInstanceOf(DatabaseBehindException.class);
  }

  @Test
  void whatIsMissingAddsUpUntilItIsAccepted() {
    put("a", "1");
    Map<Key, Versioned> then = store.rows();
    put("a", "2");
    store.goBackTo(then, 1);
    put("a", "3");
    assertThat(progress().missing()).isEqualTo(1);
    store.goBackTo(then, 1);
    put("a", "4");
    assertThat(progress().missing()).isGreaterThan(1);
    fixture.flushOld();
    assertThat(text(store.row(key("a")))).isEqualTo("4");
  }

  @Test
  void aDatabaseThatIsAheadIsAnotherOneToo() {
    put("a", "1");
    store.goBackTo(store.rows(), 9);
    put("a", "2");
    assertThat(progress().wentBack()).isTrue();
    assertThat(progress().acknowledged()).isEqualTo(store.number()).isGreaterThan(9);
  }

  @Test
  void aNewLeaderBeginsAboveWhatItFinds() {
    cache.put("k", "v");
    store.afterCommit =
        writes -> {
          throw FakeBackingStore.unavailable();
        };
    fixture.flushOld();
    store.heal();
    fixture.beginAnotherReign();
    assertThat(store.number()).as("of the flush whose outcome was open").isEqualTo(1);
    fixture.flushOld();
    assertThat(progress()).isEqualTo(state(1_001, 0));
  }

  @Test
  void aNumberIsNotGivenAgainWhereTheDatabaseLostAFlushOfOpenOutcome() {
    cache.put("k", "v");
    store.afterCommit =
        writes -> {
          throw FakeBackingStore.unavailable();
        };
    boolean _ = fixture.flushOld() > 0;
    store.heal();
    Map<Key, Versioned> lost = store.rows();
    store.goBackTo(Map.of(), 0); // Before anybody has learnt that flush 1 is in it.
    fixture.beginAnotherReign();
    put("k", "w");
    assertThat(store.number()).isGreaterThan(1);

    store.goBackTo(lost, 1);
    cache.engine.dropClean();
    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(DatabaseBehindException.class);
  }

  @Test
  void aLeaderWhoseJournalHasLostItsEndReadsTheDatabase() {
    put("k", "old");
    cache.put("dirty", "1");
    store.insert(key("k"), 1L << 40, value("written by those who are lost"));
    Map<Key, Versioned> rows = store.rows();
    store.goBackTo(rows, 5_000); // Far above what is set aside.
    fixture.beginAnotherReign();
    boolean _ = fixture.writeBack.flushDue();

    assertThat(progress().wentBack()).isFalse();
    assertThat(progress().acknowledged()).isEqualTo(5_000);
    assertThat(cache.isResident("k")).isFalse();
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("written by those who are lost");
    assertThat(text(store.row(key("dirty")))).isEqualTo("1");
  }

  @Test
  void whatAnOldFormatHadNoRoomForIsToldOnceThereIs() {
    put("k", "v");
    cache.engine.apply(new Mutation.DatabaseState(1, 2, 1)); // As only this leader knows.
    List<Mutation> told = new ArrayList<>();
    cache.onAppend = told::addAll;
    CompletableFuture<Boolean> done = fixture.writeBack.restateProgress();
    boolean _ = fixture.writeBack.flushDue();
    assertThat(done).isCompletedWithValue(true);
    assertThat(told).contains(new Mutation.DatabaseState(1, 2, 1_000));
  }

  @Test
  void aNewLeaderFindsThatTheDatabaseWentBackWithNothingToFlush() {
    put("k", "v");
    Map<Key, Versioned> then = store.rows();
    put("k", "w");
    store.goBackTo(then, 1);
    fixture.beginAnotherReign();

    assertThat(fixture.writeBack.flushDue()).as("looks again").isFalse();
    boolean _ = fixture.writeBack.flushDue();
    assertThat(progress()).isEqualTo(state(1_001, 1));
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("w");
  }

  @Test
  void aLeaderThatFollowsOnGoesOnWritingWhatIsInMemory() {
    put("k", "v");
    Map<Key, Versioned> then = store.rows();
    put("k", "w");
    cache.engine.apply(new Mutation.DatabaseState(1, 1, 2));
    store.goBackTo(then, 1);
    fixture.beginAnotherReign();
    fixture.flushOld(); // It becomes dirty,
    fixture.flushOld(); // and old enough.
    assertThat(text(store.row(key("k")))).isEqualTo("w");
  }

  @Test
  void aSnapshotTellsHowFarTheDatabaseHasCome() {
    put("k", "v");
    assertThat(saved()).contains(new Mutation.DatabaseState(1, 0, 1_000));
    cache.engine.apply(new Mutation.DatabaseState(0, 1, 5));
    List<Mutation> saved = saved();
    assertThat(saved).contains(new Mutation.DatabaseState(0, 1, 5));

    EngineFixture other = EngineFixture.of(settings());
    other.engine.apply(new Mutation.FlushAcknowledged(7));
    other.engine.install(saved.iterator());
    assertThat(other.engine.progress().now()).isEqualTo(new DatabaseProgress.State(0, 1, 5));
    other.engine.install(List.<Mutation>of(new Mutation.FlushAcknowledged(3)).iterator());
    assertThat(other.engine.progress().now()).isEqualTo(new DatabaseProgress.State(3, 0, 3));
  }

  @Test
  void littleIsMadeDirtyAtATime() {
    int weight = Weights.ofDirty(key("k00"), value("v"));
    WriteBackFixture paced =
        WriteBackFixture.of(
            settings(),
            new FakeTicker(),
            new FlushSettings(
                Duration.ofSeconds(10),
                4 * weight,
                5,
                1 << 20,
                Duration.ZERO,
                Duration.ofMillis(100),
                Duration.ofSeconds(1)));
    for (int i = 0; i < 100; i++) {
      paced.cache.put("k" + i, "v");
    }
    paced.flushOld();
    paced.cache.store.goBackTo(Map.of(), 0);
    paced.cache.put("k0", "w");
    paced.advance(Duration.ofSeconds(11));
    AtomicLong most = new AtomicLong();
    paced.cache.store.beforeFlush =
        batch -> most.accumulateAndGet(paced.cache.engine.statistics().dirty().bytes(), Math::max);
    boolean _ = paced.writeBack.flushDue();
    boolean _ = paced.writeBack.flushDue();
    CompletableFuture<AcceptOutcome> early =
        paced.writeBack.acceptDatabase(paced.cache.engine.progress().now().missing());
    for (int i = 0; i < 200; i++) {
      boolean _ = paced.writeBack.flushDue();
    }
    assertThat(paced.cache.store.size()).isEqualTo(100);
    assertThat(most.get()).isBetween(4L * weight, 12L * weight);
    assertThat(early).isCompletedWithValue(AcceptOutcome.STILL_WRITING);
    assertThat(paced.cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void whatWasWrittenAndEvictedMeanwhileDoesNotComeBackOlder() {
    WriteBackFixture slow =
        WriteBackFixture.of(
            settings(),
            new FakeTicker(),
            new FlushSettings(
                Duration.ofSeconds(10),
                Long.MAX_VALUE,
                1,
                1 << 20,
                Duration.ZERO,
                Duration.ofMillis(100),
                Duration.ofSeconds(1)));
    slow.cache.put("a", "old");
    slow.cache.put("b", "old");
    slow.flushOld();
    slow.cache.engine.apply(new Mutation.DatabaseState(0, 1, 2));
    slow.beginAnotherReign();
    boolean _ = slow.writeBack.flushDue(); // One of the two is dirty again, the other is to be.
    String other = slow.cache.engine.dirtySet().dirtyEntries() == 1 && dirty(slow, "a") ? "b" : "a";
    slow.cache.engine.apply(
        new Mutation.Written(new Write(key(other), new Version(1L << 50), value("new"))));
    slow.cache.engine.apply(new Mutation.Flushed(key(other), new Version(1L << 50)));
    slow.cache.engine.dropClean();

    boolean _ = slow.writeBack.flushDue();
    assertThat(slow.cache.isResident(other)).isFalse();
  }

  private static boolean dirty(WriteBackFixture fixture, String key) {
    return fixture.cache.saved().stream().anyMatch(write -> write.key().equals(key(key)));
  }

  /** Without the numbers that are set aside. */
  private DatabaseProgress.State progress() {
    DatabaseProgress.State now = cache.engine.progress().now();
    return state(now.acknowledged(), now.missing());
  }

  private static DatabaseProgress.State state(long acknowledged, long missing) {
    return new DatabaseProgress.State(acknowledged, missing, acknowledged);
  }

  private List<Mutation> saved() {
    List<Mutation> saved = new ArrayList<>();
    cache.engine.snapshot().forEach(saved::add);
    return saved;
  }

  private AcceptOutcome accept(long missing) {
    CompletableFuture<AcceptOutcome> done = fixture.writeBack.acceptDatabase(missing);
    boolean _ = fixture.writeBack.flushDue();
    return done.join();
  }

  /** Writes a key, and flushes it. */
  private Version put(String key, String value) {
    Version version = cache.put(key, value);
    fixture.flushOld();
    return version;
  }
}
