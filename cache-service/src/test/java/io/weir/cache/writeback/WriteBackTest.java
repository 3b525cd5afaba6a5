package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Leadership;
import io.weir.cache.writeback.FlushListener.Result;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When dirty entries are flushed, and what becomes of them when that fails. Driven by hand. */
class WriteBackTest {

  private final WriteBackFixture fixture = WriteBackFixture.of(settings());
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;
  private final WriteBack writeBack = fixture.writeBack;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(store.violations).isEmpty();
  }

  @Test
  void aYoungEntryIsLeftAloneAndAnOldOneIsFlushed() {
    cache.put("k", "v");
    assertThat(writeBack.flushDue()).isFalse();
    assertThat(writeBack.oldestDirtyAge()).isZero();
    fixture.advance(Duration.ofSeconds(9));
    assertThat(writeBack.flushDue()).isFalse();
    assertThat(writeBack.oldestDirtyAge()).isEqualTo(Duration.ofSeconds(9));

    fixture.advance(Duration.ofSeconds(1));

    assertThat(writeBack.flushDue()).isTrue();
    assertThat(text(store.row(key("k")))).isEqualTo("v");
    assertThat(cache.engine.statistics().dirtyEntries()).isZero();
    assertThat(cache.engine.statistics().dirtyBytes()).isZero();
    assertThat(writeBack.oldestDirtyAge()).isZero();
  }

  @Test
  void aBatchCarriesTheLastVersionOfEachKey() {
    cache.put("a", "1");
    cache.put("b", "1");
    cache.put("a", "2");
    cache.delete("b");

    fixture.flushOld();

    assertThat(store.flushes).hasValue(1);
    assertThat(text(store.row(key("a")))).isEqualTo("2");
    assertThat(store.row(key("b")).value()).isNull();
    assertThat(cache.engine.statistics().coalesced()).isEqualTo(2);
  }

  @Test
  void aboveTheLowWatermarkNothingWaitsToGrowOld() {
    WriteBackFixture eager =
        new WriteBackFixture(
            EngineFixture.of(settings()),
            new FlushSettings(
                Duration.ofHours(1),
                300,
                100,
                1 << 20,
                Duration.ofMillis(1),
                Duration.ofMillis(1)));
    eager.cache.put("a", "1");
    assertThat(eager.writeBack.flushDue()).isFalse();
    eager.cache.put("b", "1");
    assertThat(eager.writeBack.flushDue()).isTrue();
    assertThat(eager.cache.engine.statistics().dirtyEntries()).isZero();
  }

  @Test
  void batchesAreBoundedInEntriesAndInBytes() {
    WriteBackFixture small =
        new WriteBackFixture(EngineFixture.of(settings()), WriteBackFixture.flushing(4));
    for (int i = 0; i < 10; i++) {
      small.cache.put("k" + i, "v");
    }
    small.flushOld();
    assertThat(small.committed()).extracting(List::size).containsExactly(4, 4, 2);

    WriteBackFixture narrow =
        new WriteBackFixture(
            EngineFixture.of(settings()),
            new FlushSettings(
                Duration.ofSeconds(10),
                Long.MAX_VALUE,
                100,
                500,
                Duration.ofMillis(1),
                Duration.ofMillis(1)));
    for (int i = 0; i < 4; i++) {
      narrow.cache.put("k" + i, "v");
    }
    narrow.cache.put("big", "x".repeat(5_000));
    narrow.flushOld();
    assertThat(narrow.committed()).extracting(List::size).containsExactly(2, 2, 1);
  }

  @Test
  void whatEvictionWaitsForIsFlushedFirstAndWhateverItsAge() {
    WriteBackFixture tight = WriteBackFixture.of(settings().maxEntries(3));
    tight.cache.put("dirty", "v");
    tight.cache.get("clean-1");
    tight.cache.get("clean-2");
    assertThat(tight.writeBack.flushDue()).isFalse();

    tight.cache.get("clean-3");

    assertThat(tight.cache.isResident("dirty")).isTrue();
    assertThat(tight.cache.isResident("clean-1")).isFalse();
    assertThat(tight.writeBack.flushDue()).isTrue();
    tight.cache.get("clean-4");
    assertThat(tight.cache.isResident("dirty")).isFalse();
    assertThat(tight.cache.isResident("clean-2")).isTrue();
  }

  // Known bugs of other systems.

  @Test
  void aReadBetweenEvictionAndFlushSeesTheNewRow() {
    WriteBackFixture tight = WriteBackFixture.of(settings().maxEntries(3));
    tight.cache.store.insert(key("k"), 1, EngineFixture.value("old"));
    tight.cache.put("k", "new");
    for (int i = 0; i < 10; i++) {
      tight.cache.get("other-" + i);
    }
    assertThat(tight.cache.get("k")).isEqualTo("new");
    tight.cache.store.beforeFlush =
        writes -> {
          for (int i = 10; i < 20; i++) {
            tight.cache.get("other-" + i);
          }
          assertThat(tight.cache.get("k")).isEqualTo("new");
        };
    for (int i = 0; i < 10; i++) {
      tight.cache.get("other-" + i);
    }
    assertThat(tight.writeBack.flushDue()).isTrue();
    for (int i = 0; i < 10; i++) {
      tight.cache.get("other-" + i);
    }
    assertThat(tight.cache.isResident("k")).isFalse();
    assertThat(tight.cache.get("k")).isEqualTo("new");
  }

  @Test
  void anOlderFlushsAcknowledgementClearsNoNewerWrite() {
    cache.put("k", "one");
    store.afterCommit = writes -> cache.put("k", "two");
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("one");
    assertThat(cache.engine.statistics().dirtyEntries()).isEqualTo(1);
    store.heal();

    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("two");
    assertThat(cache.engine.statistics().dirtyEntries()).isZero();
    assertThat(cache.engine.statistics().dirtyBytes()).isZero();
  }

  @Test
  void aPutAndADeleteOfAKeyAreNeverReordered() {
    for (int round = 0; round < 20; round++) {
      cache.put("k" + round, "v");
      cache.delete("k" + round);
      cache.delete("l" + round);
      cache.put("l" + round, "v");
    }
    store.afterCommit =
        writes -> {
          store.heal();
          cache.delete("l0");
          cache.put("k0", "again");
          throw FakeBackingStore.unavailable();
        };
    fixture.flushOld();
    fixture.flushOld();

    assertThat(text(store.row(key("k0")))).isEqualTo("again");
    assertThat(store.row(key("l0")).value()).isNull();
    for (int round = 1; round < 20; round++) {
      assertThat(store.row(key("k" + round)).value()).isNull();
      assertThat(text(store.row(key("l" + round)))).isEqualTo("v");
    }
  }

  @Test
  void theQueueDoesNotGrowWithoutBoundWhileTheDatabaseIsSlow() {
    WriteBackFixture slow =
        WriteBackFixture.of(settings().maxDirtyBytes(4_000).maxWriteWait(Duration.ZERO));
    AtomicInteger accepted = new AtomicInteger();
    slow.cache.store.beforeFlush =
        writes -> {
          for (int i = 0; i < 500; i++) {
            try {
              slow.cache.put("during-" + i, "v");
              accepted.incrementAndGet();
            } catch (TooMuchDirty e) {
              assertThat(slow.cache.engine.statistics().dirtyBytes()).isLessThanOrEqualTo(4_000);
            }
          }
        };
    for (int i = 0; i < 10; i++) {
      slow.cache.put("k" + i, "v");
    }
    slow.advance(Duration.ofSeconds(11));
    slow.writeBack.flushDue();

    assertThat(accepted.get()).isPositive().isLessThan(20);
    slow.cache.store.heal();
    slow.flushOld();
    assertThat(slow.cache.engine.statistics().dirtyBytes()).isZero();
  }

  @Test
  void onePoisonRowStopsNothingElse() {
    store.poison = write -> write.key().equals(key("k17"));
    for (int i = 0; i < 50; i++) {
      cache.put("k" + i, "v" + i);
    }
    fixture.advance(Duration.ofSeconds(11));
    assertThat(writeBack.flushDue()).isTrue();

    for (int i = 0; i < 50; i++) {
      assertThat(text(store.row(key("k" + i)))).isEqualTo(i == 17 ? null : "v" + i);
    }
    assertThat(cache.get("k17")).isEqualTo("v17");
    assertThat(cache.engine.statistics().dirtyEntries()).isEqualTo(1);
    assertThat(cache.engine.statistics().dirtyBytes()).isZero();
    assertThat(cache.engine.statistics().quarantinedEntries()).isEqualTo(1);
    assertThat(cache.engine.statistics().quarantinedBytes()).isPositive();
    assertThat(writeBack.quarantined())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.key()).isEqualTo(key("k17"));
          assertThat(row.reason()).isEqualTo("refused k17");
          assertThat(row.attempts()).isEqualTo(1);
        });
  }

  @Test
  void aFailedBatchStaysDirtyAndReadableAndIsTriedAgain() {
    WriteBackFixture tight = WriteBackFixture.of(settings().maxEntries(4));
    tight.cache.put("a", "1");
    tight.cache.put("b", "2");
    for (int i = 0; i < 10; i++) {
      tight.cache.get("other-" + i);
    }
    tight.cache.store.goDown();
    tight.writeBack.flushDue();
    assertThat(tight.results).containsExactly(Result.FAILED);
    assertThat(tight.cache.get("a")).isEqualTo("1");
    assertThat(tight.writeBack.isFailing()).isTrue();

    tight.cache.store.heal();
    assertThat(tight.writeBack.flushDue()).as("within the pause").isFalse();
    tight.advance(Duration.ofMillis(100));
    assertThat(tight.writeBack.flushDue()).isTrue();

    assertThat(tight.writeBack.isFailing()).isFalse();
    assertThat(text(tight.cache.store.row(key("b")))).as("eviction waits for it").isEqualTo("2");
    assertThat(tight.cache.store.row(key("a")).value()).as("it was read since").isNull();
    tight.flushOld();
    assertThat(text(tight.cache.store.row(key("a")))).isEqualTo("1");
    assertThat(tight.cache.engine.statistics().dirtyBytes()).isZero();
  }

  // Failures.

  @Test
  void aFlushThatWasCommittedAndReportedAsFailedIsRepeatedInVain() {
    cache.put("k", "v");
    store.afterCommit =
        writes -> {
          throw FakeBackingStore.unavailable();
        };
    fixture.flushOld();
    assertThat(cache.engine.statistics().dirtyEntries()).isEqualTo(1);
    store.heal();
    fixture.flushOld();

    assertThat(store.commits).hasSize(2);
    assertThat(cache.engine.statistics().dirtyEntries()).isZero();
  }

  @Test
  void aDatabaseThatDiesInTheMiddleOfASplitLosesNothing() {
    for (int i = 0; i < 16; i++) {
      cache.put("k" + i, "v");
    }
    store.poison = write -> write.key().equals(key("k5"));
    AtomicInteger flushes = new AtomicInteger();
    store.beforeFlush =
        writes -> {
          if (flushes.incrementAndGet() > 4) {
            throw FakeBackingStore.unavailable();
          }
        };
    fixture.flushOld();
    assertThat(fixture.results).contains(Result.REJECTED, Result.OK, Result.FAILED);
    assertThat(cache.engine.statistics().dirtyEntries()).isGreaterThan(1);
    store.beforeFlush = writes -> {};
    fixture.flushOld();

    for (int i = 0; i < 16; i++) {
      assertThat(store.row(key("k" + i)).value() != null).isEqualTo(i != 5);
    }
    assertThat(cache.engine.statistics().dirtyEntries()).isEqualTo(1);
    assertThat(cache.engine.statistics().dirtyBytes()).isZero();
  }

  @Test
  void pausesGrowWhileTheDatabaseIsDownAndEndWhenItIsBack() {
    cache.put("k", "v");
    fixture.advance(Duration.ofSeconds(11));
    store.goDown();
    int tries = 0;
    for (int millis = 0; millis < 10_000; millis += 10) {
      writeBack.flushDue();
      fixture.advance(Duration.ofMillis(10));
    }
    tries = store.flushes.get();
    // 100, 200, 400, 800 and then 1000 ms, each with half of it left to chance.
    assertThat(tries).isBetween(11, 27);
    store.heal();
    fixture.advance(Duration.ofSeconds(1));
    writeBack.flushDue();
    assertThat(cache.engine.statistics().dirtyEntries()).isZero();
  }

  @Test
  void anErrorThrownByAFlushLosesNothing() {
    cache.put("k", "v");
    store.beforeFlush =
        writes -> {
          throw new StackOverflowError();
        };
    fixture.flushOld();
    assertThat(cache.engine.statistics().dirtyEntries()).isEqualTo(1);
    store.heal();
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("v");
  }

  @Test
  void aWriteDuringAFailedFlushIsFlushedInsteadAndIsAsOldAsTheFirst() {
    cache.put("k", "one");
    store.beforeFlush =
        writes -> {
          cache.put("k", "two");
          throw FakeBackingStore.unavailable();
        };
    fixture.flushOld();
    assertThat(writeBack.oldestDirtyAge()).isEqualTo(Duration.ofSeconds(11));
    store.heal();
    fixture.flushOld();

    assertThat(fixture.committed()).containsExactly(List.of("k"));
    assertThat(text(store.row(key("k")))).isEqualTo("two");
    assertThat(cache.engine.statistics().dirtyBytes()).isZero();
  }

  @Test
  void aFencedFlushStopsWriteBackAndKeepsWhatIsDirty() throws Exception {
    cache.put("k", "v");
    store.takeOver(new Leadership(2, 2, new NodeId("cache-2")));
    fixture.advance(Duration.ofSeconds(11));
    writeBack.flushDue();

    assertThat(fixture.fenced.get()).isNotNull();
    assertThat(fixture.results).containsExactly(Result.FENCED);
    assertThat(store.row(key("k")).value()).isNull();
    assertThat(cache.engine.statistics().dirtyEntries()).isEqualTo(1);
    assertThat(writeBack.flushAll(Duration.ofSeconds(1))).isFalse();
  }

  @Test
  void closingAWriteBackThatWasNeverStartedDoesNothing() {
    writeBack.close();
  }

  // Quarantine.

  @Test
  void aQuarantinedRowIsTriedAgainWithGrowingPausesAndLeavesOnceTheDatabaseTakesIt() {
    store.poison = write -> true;
    cache.put("k", "v");
    fixture.flushOld();
    assertThat(writeBack.quarantined()).hasSize(1);
    fixture.flushOld();
    assertThat(writeBack.quarantined().getFirst().attempts()).isGreaterThan(1);
    assertThat(writeBack.oldestDirtyAge()).isGreaterThanOrEqualTo(Duration.ofSeconds(22));
    assertThat(cache.engine.statistics().quarantinedEntries()).isEqualTo(1);

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
                        new io.weir.cache.kv.Versioned(write.version(), write.value())));
    cache.put("k", "bad");
    fixture.flushOld();
    assertThat(writeBack.quarantined()).hasSize(1);

    cache.put("k", "good");
    assertThat(cache.engine.statistics().quarantinedEntries()).isZero();
    assertThat(cache.engine.statistics().quarantinedBytes()).isZero();
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
    assertThat(cache.engine.statistics().quarantinedEntries()).isEqualTo(1);
    store.heal();
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("row");
    assertThat(text(store.row(key("new")))).isEqualTo("bad");
    assertNothingIsHeld();
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
    assertThat(cache.engine.statistics().quarantinedEntries()).isZero();
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
    assertThat(cache.engine.statistics().quarantinedEntries()).isEqualTo(1);
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
    assertThat(full.cache.engine.statistics().quarantinedEntries()).isEqualTo(2);
    long each = full.cache.engine.statistics().quarantinedBytes();
    assertThat(full.cache.engine.statistics().dirtyBytes()).isEqualTo(each);

    full.cache.store.poison = write -> write.key().equals(key("bad-2"));
    full.flushOld();
    full.flushOld();

    assertThat(full.cache.engine.statistics().quarantinedEntries()).isEqualTo(1);
    assertThat(full.cache.engine.statistics().quarantinedBytes()).isEqualTo(each);
    assertThat(full.cache.engine.statistics().dirtyBytes()).isZero();
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
    assertThat(tight.cache.engine.statistics().entries()).isLessThanOrEqualTo(3);
  }

  @Test
  void theBudgetRefusesWritesWhileAllIsDirtyAndTakesThemAfterwards() {
    WriteBackFixture small =
        WriteBackFixture.of(settings().maxDirtyBytes(750).maxWriteWait(Duration.ZERO));
    small.cache.store.goDown();
    small.cache.put("a", "1");
    small.cache.put("b", "1");
    small.cache.put("c", "1");
    small.flushOld();
    assertThatThrownBy(() -> small.cache.put("d", "1")).isInstanceOf(TooMuchDirty.class);
    assertThat(small.cache.get("a")).isEqualTo("1");
    small.cache.store.heal();
    small.flushOld();
    small.cache.put("d", "1");
  }

  private void assertNothingIsHeld() {
    assertThat(cache.engine.statistics().dirtyEntries()).isZero();
    assertThat(cache.engine.statistics().dirtyBytes()).isZero();
    assertThat(cache.engine.statistics().quarantinedEntries()).isZero();
    assertThat(cache.engine.statistics().quarantinedBytes()).isZero();
  }
}
