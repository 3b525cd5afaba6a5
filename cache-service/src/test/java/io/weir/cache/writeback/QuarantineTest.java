package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.model.Version;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of rows that the database refuses for their data. */
class QuarantineTest {

  private final WriteBackFixture fixture = WriteBackFixture.of(settings());
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;
  private final WriteBack writeBack = fixture.writeBack;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(store.violations).isEmpty();
  }

  @Test
  void aQuarantinedRowIsTriedAgainWithGrowingPausesAndLeavesOnceTheDatabaseTakesIt() {
    store.poison = write -> true;
    cache.put("k", "v");
    fixture.flushOld();
    assertThat(writeBack.quarantined()).hasSize(1);
    fixture.flushOld();
    assertThat(writeBack.quarantined().getFirst().attempts()).isGreaterThan(1);
    assertThat(writeBack.oldestDirtyAge()).isGreaterThanOrEqualTo(Duration.ofSeconds(22));
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(1);

    store.heal();
    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("v");
    assertThat(writeBack.quarantined()).isEmpty();
    assertNothingIsHeld();
  }

  @Test
  void aNewerWriteReplacesAQuarantinedRow() {
    store.poison =
        write ->
            "bad"
                .equals(
                    EngineFixture.text(
                        io.weir.cache.kv.Versioned.of(write.version(), write.value())));
    cache.put("k", "bad");
    fixture.flushOld();
    assertThat(writeBack.quarantined()).hasSize(1);

    cache.put("k", "good");
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedBytes()).isZero();
    cache.put("other", "v");
    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("good");
    assertThat(writeBack.quarantined()).isEmpty();
    assertNothingIsHeld();
  }

  @Test
  void aDiscardedRowLeavesTheKeyAsTheDatabaseHasIt() {
    store.insert(key("k"), 1, EngineFixture.value("row"));
    store.poison = write -> true;
    Version bad = cache.put("k", "bad");
    cache.put("new", "bad");
    fixture.flushOld();
    assertThat(cache.get("k")).isEqualTo("bad");

    CompletableFuture<DiscardOutcome> done = writeBack.discard(key("k"), bad);
    assertThat(done).isNotDone();
    writeBack.flushDue();

    assertThat(done).isCompletedWithValue(DiscardOutcome.DISCARDED);
    assertThat(cache.get("k")).isEqualTo("row");
    assertThat(writeBack.quarantined())
        .singleElement()
        .extracting(QuarantinedRow::key)
        .isEqualTo(key("new"));
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(1);
    store.heal();
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("row");
    assertThat(text(store.row(key("new")))).isEqualTo("bad");
    assertNothingIsHeld();
  }

  @Test
  void aRowWhoseKeyIsBeingWrittenIsDiscardedLater() {
    store.poison = write -> write.key().equals(key("k"));
    Version bad = cache.put("k", "bad");
    fixture.flushOld();
    CompletableFuture<DiscardOutcome> done = writeBack.discard(key("k"), bad);
    whileWritten(
        "k",
        () -> {
          fixture.advance(Discards.PATIENCE.minusNanos(1));
          writeBack.flushDue();
          assertThat(done).isNotDone();
          long now = cache.ticker.nanos();
          assertThat(writeBack.nextNanos(now)).isLessThanOrEqualTo(now + 10_000_000);
        });
    writeBack.flushDue();
    assertThat(done).isCompletedWithValue(DiscardOutcome.DISCARDED);
  }

  @Test
  void aRowWhoseKeyIsWrittenForTooLongIsNotDiscardedAndHoldsNoFlushUp() {
    store.poison = write -> write.key().equals(key("k"));
    Version bad = cache.put("k", "bad");
    fixture.flushOld();
    cache.put("other", "v");
    CompletableFuture<DiscardOutcome> done = writeBack.discard(key("k"), bad);
    whileWritten(
        "k",
        () -> {
          fixture.flushOld();
          assertThat(text(store.row(key("other")))).isEqualTo("v");
          assertThat(done).isCompletedWithValue(DiscardOutcome.BUSY);
        });
    assertThat(writeBack.quarantined()).hasSize(1);
  }

  private void whileWritten(String key, Runnable deed) {
    assertThat(
            cache
                .engine
                .dirtySet()
                .aloneNow(
                    key(key),
                    () -> {
                      deed.run();
                      return true;
                    }))
        .isPresent();
  }

  @Test
  void onlyARefusedVersionThatIsNamedIsDiscarded() {
    store.poison = write -> write.key().equals(key("k"));
    Version bad = cache.put("k", "bad");
    Version good = cache.put("other", "good");
    fixture.flushOld();
    CompletableFuture<DiscardOutcome> another =
        writeBack.discard(key("k"), new Version(bad.value() + 1));
    CompletableFuture<DiscardOutcome> clean = writeBack.discard(key("other"), good);
    writeBack.flushDue();
    assertThat(another).isCompletedWithValue(DiscardOutcome.OTHER_VERSION);
    assertThat(clean).isCompletedWithValue(DiscardOutcome.NOT_QUARANTINED);

    cache.put("k", "newer");
    CompletableFuture<DiscardOutcome> replaced = writeBack.discard(key("k"), bad);
    writeBack.flushDue();
    assertThat(replaced).isCompletedWithValue(DiscardOutcome.NOT_QUARANTINED);
    assertThat(cache.get("k")).isEqualTo("newer");
    assertThat(cache.get("other")).isEqualTo("good");
  }

  @Test
  void aRetryThatIsAskedForWaitsForNoPause() {
    store.poison = write -> true;
    cache.put("k", "v");
    fixture.flushOld();
    int attempts = writeBack.quarantined().getFirst().attempts();
    assertThat(writeBack.flushDue()).isFalse();
    assertThat(writeBack.retryNow(key("absent"))).isFalse();
    assertThat(writeBack.retryNow(key("k"))).isTrue();
    assertThat(writeBack.quarantined().getFirst().nextTry()).isZero();
    assertThat(writeBack.flushDue()).isTrue();
    assertThat(writeBack.quarantined().getFirst().attempts()).isEqualTo(attempts + 1);
  }

  @Test
  void aStoppedWriteBackDiscardsNothing() {
    store.poison = write -> true;
    Version bad = cache.put("k", "bad");
    fixture.flushOld();
    writeBack.stop();
    assertThat(writeBack.discard(key("k"), bad)).isCompletedExceptionally();
    assertThat(cache.get("k")).isEqualTo("bad");
  }

  @Test
  void aRowReplacedWhileItIsTriedAgainIsNotQuarantinedInItsNewVersion() {
    store.poison = write -> true;
    cache.put("k", "bad");
    fixture.flushOld();
    store.beforeFlush =
        writes -> {
          store.beforeFlush = none -> {};
          cache.put("k", "good");
        };
    fixture.advance(Duration.ofSeconds(2));
    assertThat(writeBack.flushDue()).isTrue();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isZero();
    store.heal();
    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("good");
    assertNothingIsHeld();
  }

  @Test
  void aDatabaseThatFailsWhileAQuarantinedRowIsTriedLeavesItQuarantined() {
    store.poison = write -> true;
    cache.put("k", "bad");
    fixture.flushOld();
    store.goDown();
    fixture.flushOld();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(1);
    assertThat(writeBack.quarantined()).hasSize(1);

    store.heal();
    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("bad");
    assertNothingIsHeld();
  }

  @Test
  void aFullQuarantineKeepsItsRowsInTheDirtyBudgetUntilThereIsRoom() {
    WriteBackFixture full = WriteBackFixture.of(settings().maxQuarantinedBytes(300));
    full.cache.store.poison = write -> write.key().toString().startsWith("bad");
    full.cache.put("bad-1", "v");
    full.cache.put("bad-2", "v");
    full.flushOld();
    assertThat(full.cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(2);
    long each = full.cache.engine.statistics().dirty().quarantinedBytes();
    assertThat(full.cache.engine.statistics().dirty().bytes()).isEqualTo(each);

    full.cache.store.poison = write -> write.key().equals(key("bad-2"));
    for (int i = 0; i < 4; i++) {
      full.flushOld(); // One row a time.
    }

    assertThat(full.cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(1);
    assertThat(full.cache.engine.statistics().dirty().quarantinedBytes()).isEqualTo(each);
    assertThat(full.cache.engine.statistics().dirty().bytes()).isZero();
  }

  @Test
  void theQuarantineIsBoundedInEntriesToo() {
    WriteBackFixture tight =
        WriteBackFixture.of(
            settings().maxEntries(64).maxDirtyBytes(1 << 19).maxWriteWait(Duration.ZERO));
    tight.cache.store.poison = write -> write.key().toString().startsWith("bad");
    int taken = 0;
    try {
      for (; taken < 64; taken++) {
        tight.cache.put("bad-" + taken, "v");
        tight.flushOld();
      }
    } catch (EngineException.TooMuchDirty e) {
      // 4 in the quarantine, as many as its share of the bytes is, and half of all beside.
    }
    assertThat(taken).isEqualTo(36);
    assertThat(tight.cache.get("other")).isNull();
    assertThat(tight.cache.isResident("other")).as("there is room for clean entries").isTrue();
  }

  @Test
  void manyQuarantinedRowsHoldAFreshBatchUpByOneTry() {
    store.poison = write -> write.key().toString().startsWith("bad");
    for (int i = 0; i < 30; i++) {
      cache.put("bad-" + i, "v");
    }
    fixture.flushOld();
    assertThat(writeBack.quarantined()).hasSize(30);
    cache.put("good", "v");
    fixture.advance(Duration.ofSeconds(11));
    int before = store.flushes.get();

    writeBack.flushDue();

    assertThat(text(store.row(key("good")))).isEqualTo("v");
    assertThat(store.flushes.get() - before).isEqualTo(2);
  }

  @Test
  void aQuarantinedRowIsNotEvicted() {
    WriteBackFixture tight = WriteBackFixture.of(settings().maxEntries(3));
    tight.cache.store.poison = write -> write.key().equals(key("bad"));
    tight.cache.put("bad", "v");
    tight.flushOld();
    for (int i = 0; i < 20; i++) {
      tight.cache.get("other-" + i);
    }
    assertThat(tight.cache.get("bad")).isEqualTo("v");
    assertThat(tight.cache.engine.statistics().memory().entries()).isLessThanOrEqualTo(3);
  }

  private void assertNothingIsHeld() {
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedBytes()).isZero();
  }
}
