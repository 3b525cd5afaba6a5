package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.writeback.FlushListener.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a batch that the database does not take. */
class FailedFlushTest {

  private final WriteBackFixture fixture = WriteBackFixture.of(settings());
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;
  private final WriteBack writeBack = fixture.writeBack;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(store.violations).isEmpty();
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
    assertThat(text(tight.cache.store.row(key("a")))).as("the next coldest").isEqualTo("1");
    assertThat(tight.cache.engine.statistics().dirty().bytes()).isZero();
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
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
    store.heal();
    fixture.flushOld();

    assertThat(store.commits).hasSize(2);
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void aDatabaseThatDiesWhileTheRowAtFaultIsLookedForLosesNothing() {
    for (int i = 0; i < 16; i++) {
      cache.put("k" + i, "v");
    }
    store.broken = write -> write.key().equals(key("k5"));
    AtomicInteger flushes = new AtomicInteger();
    store.beforeFlush =
        writes -> {
          if (flushes.incrementAndGet() > 4) {
            throw FakeBackingStore.unavailable();
          }
        };
    fixture.flushOld();
    assertThat(fixture.results).contains(Result.OK, Result.FAILED);
    assertThat(cache.engine.statistics().dirty().entries()).isGreaterThan(1);
    store.beforeFlush = writes -> {};
    fixture.flushOld();

    for (int i = 0; i < 16; i++) {
      assertThat(store.row(key("k" + i)).value() != null).isEqualTo(i != 5);
    }
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
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
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void anErrorThrownByAFlushLosesNothing() {
    cache.put("k", "v");
    store.beforeFlush =
        writes -> {
          throw new StackOverflowError();
        };
    fixture.flushOld();
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
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
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
  }
}
