package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.Weights;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Write;
import io.weir.cache.writeback.FlushListener.Result;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When dirty entries are flushed, and in which order. Driven by hand. */
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
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
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
    assertThat(cache.engine.statistics().dirty().coalesced()).isEqualTo(2);
  }

  @Test
  void aRowThatTheShardDidNotWriteIsReplaced() {
    store.insert(key("put"), 1L << 62, EngineFixture.value("foreign"));
    store.insert(key("deleted"), 1L << 62, EngineFixture.value("foreign"));
    cache.put("put", "v");
    cache.delete("deleted");

    fixture.flushOld();

    assertThat(text(store.row(key("put")))).isEqualTo("v");
    assertThat(store.row(key("deleted")).value()).isNull();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.isResident("put")).isTrue();
  }

  @Test
  void anEntryWhoseRowIsNewerIsTakenOutAndNotCalledClean() {
    store.insert(key("k"), 9, EngineFixture.value("newer"));
    cache.engine.apply(
        new Mutation.Written(new Write(key("k"), new Version(5), EngineFixture.value("older"))));
    assertThat(cache.get("k")).isEqualTo("older");

    fixture.flushOld();

    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.get("k")).isEqualTo("newer");
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
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofMillis(1)));
    eager.cache.put("a", "1");
    assertThat(eager.writeBack.flushDue()).isFalse();
    eager.cache.put("b", "1");
    assertThat(eager.writeBack.flushDue()).isTrue();
    assertThat(eager.cache.engine.statistics().dirty().entries()).isZero();
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
                Duration.ZERO,
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
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
    store.heal();

    fixture.flushOld();

    assertThat(text(store.row(key("k")))).isEqualTo("two");
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
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
              assertThat(slow.cache.engine.statistics().dirty().bytes()).isLessThanOrEqualTo(4_000);
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
    assertThat(slow.cache.engine.statistics().dirty().bytes()).isZero();
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
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(1);
    assertThat(cache.engine.statistics().dirty().quarantinedBytes()).isPositive();
    assertThat(writeBack.quarantined())
        .singleElement()
        .satisfies(row -> {
          assertThat(row.key()).isEqualTo(key("k17"));
          assertThat(row.reason()).isEqualTo("refused k17");
          assertThat(row.attempts()).isEqualTo(1);
        });
  }

  @Test
  void aFencedFlushStopsWriteBackAndKeepsWhatIsDirty() throws Exception {
    cache.put("k", "v");
    writeBack.flushDue(); // It asks how far the database has come.
    store.takeOver(new Claim(2, 2, new NodeId("cache-2")));
    fixture.advance(Duration.ofSeconds(11));
    writeBack.flushDue();

    assertThat(fixture.fenced.get()).isNotNull();
    assertThat(fixture.results).containsExactly(Result.FENCED);
    assertThat(store.row(key("k")).value()).isNull();
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
    assertThat(writeBack.flushAll(Duration.ofSeconds(1))).isFalse();
  }

  @Test
  void closingAWriteBackThatWasNeverStartedDoesNothing() {
    writeBack.close();
  }

  @Test
  void theBudgetRefusesWritesWhileAllIsDirtyAndTakesThemAfterwards() {
    WriteBackFixture small =
        WriteBackFixture.of(
            settings()
                .maxDirtyBytes(3 * Weights.ofDirty(key("a"), value("1")))
                .maxWriteWait(Duration.ZERO));
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
}
