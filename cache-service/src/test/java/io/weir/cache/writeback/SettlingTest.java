package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Versioned;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the database has committed counts as flushed when it has kept that for a while. */
class SettlingTest {

  private static final Duration SETTLE = Duration.ofSeconds(4);

  private final WriteBackFixture fixture =
      WriteBackFixture.of(settings(), new FakeTicker(), WriteBackFixture.flushing(100, SETTLE));
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(store.violations).isEmpty();
  }

  @Test
  void itStaysDirtyUntilTheDatabaseHasKeptItForLongEnough() {
    cache.put("k", "v");
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("v");
    assertThat(dirtyEntries()).isEqualTo(1);
    assertThat(fixture.writeBack.settlingEntries()).isEqualTo(1);
    assertThat(acknowledged()).isZero();
    assertThat(fixture.writeBack.oldestDirtyAge()).isGreaterThanOrEqualTo(Duration.ofSeconds(11));

    step(SETTLE);
    assertThat(store.looks).hasValue(1);
    assertThat(acknowledged()).isEqualTo(1);
    assertThat(dirtyEntries()).isZero();
    assertThat(fixture.writeBack.oldestDirtyAge()).isZero();
    cache.engine.dropClean();
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void aFailoverThatLosesWhatHasNotSettledLosesNothing() {
    cache.put("k", "old");
    fixture.flushOld();
    step(SETTLE);
    Map<Key, Versioned> then = store.rows();
    cache.put("k", "new");
    cache.put("other", "new");
    fixture.flushOld();
    store.goBackTo(then, 1);

    step(SETTLE); // The look finds it gone.
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("new");
    assertThat(text(store.row(key("other")))).isEqualTo("new");
    step(SETTLE);
    assertThat(dirtyEntries()).isZero();
    assertThat(cache.engine.progress().now().wentBack()).isFalse();
    assertThat(acknowledged()).isEqualTo(store.number());
  }

  @Test
  void theNextFlushFindsItToo() {
    cache.put("k", "v");
    fixture.flushOld();
    store.goBackTo(Map.of(), 0);
    cache.put("other", "v");
    fixture.flushOld();
    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("v");
    assertThat(text(store.row(key("other")))).isEqualTo("v");
    assertThat(cache.engine.progress().now().wentBack()).isFalse();
  }

  @Test
  void whatHadSettledAndIsGoneIsToldTheOperator() {
    cache.put("k", "v");
    fixture.flushOld();
    step(SETTLE);
    cache.put("k", "w");
    fixture.flushOld();
    store.goBackTo(Map.of(), 0);

    step(SETTLE);
    boolean _ = fixture.writeBack.flushDue();
    assertThat(cache.engine.progress().now().wentBack()).isTrue();
    fixture.flushOld();
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("w");
  }

  @Test
  void aKeyThatIsWrittenAgainMeanwhileIsFlushedAgain() {
    cache.put("k", "1");
    fixture.flushOld();
    cache.put("k", "2");
    step(Duration.ofSeconds(3)); // The first has been there for 3 s, the second is 3 s old.
    assertThat(acknowledged()).isZero();
    step(Duration.ofSeconds(2));
    assertThat(acknowledged()).isEqualTo(1);
    assertThat(dirtyEntries()).isEqualTo(1);
    assertThat(cache.get("k")).isEqualTo("2");

    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("2");
    step(SETTLE);
    assertThat(dirtyEntries()).isZero();
  }

  @Test
  void aKeyThatSettlesHoldsNoOtherUp() throws InterruptedException {
    cache.put("hot", "1");
    fixture.flushOld();
    cache.put("hot", "2");
    cache.put("cold", "1");
    fixture.advance(Duration.ofSeconds(1));
    boolean _ = fixture.writeBack.flushAll(Duration.ZERO);
    boolean _ = fixture.writeBack.flushDue();
    assertThat(text(store.row(key("hot")))).isEqualTo("2");
    assertThat(text(store.row(key("cold")))).isEqualTo("1");
    step(SETTLE);
    assertThat(dirtyEntries()).isZero();
  }

  @Test
  void readsThatLeadToAServerThatLagsSettleNothing() {
    cache.put("k", "v");
    fixture.flushOld();
    AtomicReference<Long> shown = new AtomicReference<>(0L);
    store.shownOnNewSession = shown::get;

    step(SETTLE);
    assertThat(store.renewals).hasValue(1);
    assertThat(dirtyEntries()).isEqualTo(1);
    assertThat(cache.engine.progress().now().wentBack()).isFalse();
    boolean _ = fixture.writeBack.flushDue();
    assertThat(store.looks).as("not at once again").hasValue(1);

    shown.set(1L);
    step(SETTLE);
    assertThat(dirtyEntries()).isZero();
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsAskedAgain() {
    cache.put("k", "v");
    fixture.flushOld();
    store.shownOnNewSession =
        () -> {
          throw FakeBackingStore.unavailable();
        };
    step(SETTLE);
    assertThat(fixture.writeBack.isFailing()).isTrue();
    assertThat(dirtyEntries()).isEqualTo(1);
    store.shownOnNewSession = store::number;
    step(SETTLE);
    assertThat(dirtyEntries()).isZero();
    assertThat(fixture.writeBack.isFailing()).isFalse();
  }

  @Test
  void anotherLeaderFlushesWhatHasNotSettledOnceMore() {
    cache.put("k", "v");
    fixture.flushOld();
    fixture.beginAnotherReign();
    assertThat(acknowledged()).isZero();
    fixture.flushOld();
    assertThat(store.commits).hasSize(2);
    step(SETTLE);
    assertThat(acknowledged()).isEqualTo(store.number());
    assertThat(dirtyEntries()).isZero();
  }

  @Test
  void aFlushOfAllWaitsForIt() throws InterruptedException {
    cache.put("k", "v");
    fixture.flushOld();
    assertThat(isDrained()).isFalse();
    step(SETTLE);
    boolean _ = fixture.writeBack.flushDue();
    assertThat(isDrained()).isTrue();
  }

  @Test
  void aJournalThatRefusesIsToldAgain() {
    cache.put("k", "v");
    fixture.flushOld();
    cache.refusal = new JournalException.QueueFull("full");
    step(SETTLE);
    assertThat(dirtyEntries()).isEqualTo(1);
    cache.refusal = null;
    step(SETTLE);
    assertThat(dirtyEntries()).isZero();
    assertThat(store.commits).hasSize(1);
  }

  @Test
  void theJournalHearsOfAFlushBeforeWhatItBrought() {
    Settling settling = new Settling(SETTLE);
    Mutation.Flushed flushed = new Mutation.Flushed(key("k"), Version.NONE);
    settling.add(7, List.of(flushed), 1, -5);
    assertThat(settling.isDue(-5)).isFalse();
    assertThat(settling.isDue(SETTLE.toNanos() - 5)).isTrue();
    assertThat(settling.dueNumber(SETTLE.toNanos() - 5)).isEqualTo(7);
    assertThat(settling.first(6)).isNull();
    Settling.Flush first = settling.first(7);
    assertThat(first).isNotNull();
    assertThat(first.told()).containsExactly(new Mutation.FlushAcknowledged(7), flushed);
  }

  /** Lets time pass, and the write-back work once. */
  private void step(Duration time) {
    fixture.advance(time);
    boolean _ = fixture.writeBack.flushDue();
  }

  private boolean isDrained() throws InterruptedException {
    return fixture.writeBack.flushAll(Duration.ZERO);
  }

  private long acknowledged() {
    return cache.engine.progress().now().acknowledged();
  }

  private long dirtyEntries() {
    return cache.engine.statistics().dirty().entries();
  }
}
