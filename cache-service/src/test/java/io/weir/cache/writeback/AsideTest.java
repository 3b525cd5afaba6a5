package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Write;
import io.weir.cache.store.RowsFailedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One row, one error, one lock: what it keeps from the database is itself alone. */
class AsideTest {

  private static final Duration TICK = Duration.ofMillis(100);

  private final WriteBackFixture fixture =
      WriteBackFixture.of(settings().maxEntries(50_000).maxDirtyBytes(1 << 26));
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;
  private final WriteBack writeBack = fixture.writeBack;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(store.violations).isEmpty();
  }

  private static boolean isBad(Write write) {
    return write.key().toString().startsWith("bad");
  }

  private void put(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      cache.put(prefix + i, "v");
    }
  }

  private long rows(String prefix) {
    return store.rows().keySet().stream().filter(key -> key.toString().startsWith(prefix)).count();
  }

  /** Lets time go by in steps of a tenth of a second, in each of which all that is due is done. */
  private void pass(Duration time) {
    for (long steps = time.dividedBy(TICK); steps > 0; steps--) {
      fixture.advance(TICK);
      for (int i = 0; i < 10_000 && writeBack.flushDue(); i++) {
        // Whatever is due at this moment.
      }
    }
  }

  @Test
  void aRowAtWhichTheDatabaseFailsKeepsNoOtherOut() {
    put("k", 300);
    cache.put("bad", "v");
    store.broken = AsideTest::isBad;

    pass(Duration.ofSeconds(12));

    assertThat(rows("k")).isEqualTo(300);
    put("later", 3); // Had it been the last one left, nothing would tell it from an outage.
    pass(Duration.ofSeconds(17));
    assertThat(rows("later")).isEqualTo(3);
    assertThat(writeBack.quarantined())
        .singleElement()
        .satisfies(row -> assertThat(row.key()).isEqualTo(key("bad")));
    assertThat(writeBack.isFailing()).isFalse();
    assertAllPassesOnceHealed("bad", 1);
  }

  @Test
  void whereEveryRowFailsItIsAnOutageAndNothingIsSetAside() {
    put("k", 300);
    store.broken = write -> true;

    pass(Duration.ofSeconds(30));

    assertThat(writeBack.quarantined()).isEmpty();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isZero();
    assertThat(writeBack.isFailing()).isTrue();
    assertAllPassesOnceHealed("k", 300);
  }

  @Test
  void aLockedRowKeepsNoOtherOutAndIsNotWaitedForAgain() {
    put("k", 300);
    cache.put("bad", "v");
    store.locked = key -> key.equals(key("bad"));

    pass(Duration.ofSeconds(30));

    assertThat(rows("k")).isEqualTo(300);
    assertThat(store.lockWaits).hasValue(1);
    assertThat(writeBack.quarantined())
        .singleElement()
        .satisfies(row -> assertThat(row.attempts()).isGreaterThan(5));
    assertAllPassesOnceHealed("bad", 1);
  }

  @Test
  void aLockedGapKeepsNoOtherOutAndIsWaitedForOnceBetweenTwoBatches() {
    put("k", 300);
    put("bad", 3);
    store.gap = key -> key.toString().startsWith("bad");
    fixture.advance(Duration.ofSeconds(11));
    int before = 0;
    while (writeBack.flushDue()) {
      // A batch may meet the gap in each of its statements; what is set aside waits once a turn.
      assertThat(store.lockWaits.get() - before).isLessThanOrEqualTo(8);
      before = store.lockWaits.get();
    }
    pass(Duration.ofSeconds(3));

    assertThat(rows("k")).isEqualTo(300);
    assertThat(writeBack.quarantined()).hasSize(3);
    assertAllPassesOnceHealed("bad", 3);
  }

  @Test
  void aLockedTableIsAnOutageAndNothingIsSetAside() {
    put("k", 300);
    store.tableLocked = true;
    pass(Duration.ofSeconds(60));
    assertThat(writeBack.quarantined()).isEmpty();
    assertThat(writeBack.isFailing()).isTrue();

    assertAllPassesOnceHealed("k", 300);
  }

  @Test
  void manyRefusedRowsKeepNoOtherOutAndComeBackSlowlyWhileTheyAreRefused() {
    put("bad", 20_000);
    put("k", 1_000);
    store.poison = AsideTest::isBad;
    store.mostRefusals = 4;

    fixture.advance(Duration.ofSeconds(11));
    int tries = 0;
    for (; rows("k") < 1_000; tries++) {
      writeBack.flushDue();
    }
    assertThat(tries).as("batches of 100 that pass by 20,000 refused rows").isLessThan(300);
    pass(Duration.ofSeconds(60));
    assertThat(writeBack.quarantined()).hasSize(20_000);

    int before = store.flushes.get();
    pass(Duration.ofSeconds(60));
    assertThat(store.flushes.get() - before).isBetween(500, 601);

    store.heal();
    pass(Duration.ofSeconds(40));
    assertThat(rows("bad")).isEqualTo(20_000);
    assertNothingIsHeld();
  }

  @Test
  void anotherReignPassesByWhatTheOneBeforeHadSetAside() {
    put("bad", 1_000);
    store.poison = AsideTest::isBad;
    pass(Duration.ofSeconds(30));
    fixture.beginAnotherReign();
    put("k", 1_000);
    fixture.advance(Duration.ofSeconds(11));
    int tries = 0;
    for (; rows("k") < 1_000; tries++) {
      fixture.writeBack.flushDue();
    }
    assertThat(tries).isLessThan(30);
  }

  @Test
  void aKeyThatWasRefusedIsTriedByItselfInNewerVersionsToo() {
    store.poison = AsideTest::isBad;
    cache.put("bad", "v");
    pass(Duration.ofSeconds(12));
    cache.put("bad", "w");
    put("k", 10);
    pass(Duration.ofSeconds(12));

    assertThat(store.commits).as("one batch, that met no refusal").hasSize(1);
    assertThat(rows("k")).isEqualTo(10);
    assertThat(writeBack.quarantined()).hasSize(1);
    store.heal();
    pass(Duration.ofSeconds(3));
    assertThat(text(store.row(key("bad")))).isEqualTo("w");
    assertNothingIsHeld();
  }

  @Test
  void aBatchThatTheDatabaseDoesNotTakeComesBackSmaller() {
    put("k", 300);
    store.beforeFlush =
        writes -> {
          if (writes.size() > 10) {
            throw new RowsFailedException(
                RowsFailedException.Kind.ERROR, writes, "too slow", new IllegalStateException());
          }
        };
    pass(Duration.ofSeconds(40));
    assertThat(rows("k")).isEqualTo(300);
    assertNothingIsHeld();
  }

  @Test
  void aKeyWhoseRowWasRefusedWaitsForNoOtherRefusedRow() {
    put("bad", 1_000);
    store.poison = AsideTest::isBad;
    pass(Duration.ofSeconds(30));
    assertThat(writeBack.quarantined()).hasSize(1_000);

    store.poison = write -> isBad(write) && !write.key().equals(key("bad999"));
    cache.put("bad999", "mended");
    pass(Duration.ofSeconds(11));

    assertThat(text(store.row(key("bad999")))).isEqualTo("mended");
  }

  @Test
  void aKeyThatIsLockedIsWaitedForInNoNewerVersion() {
    cache.put("bad", "v");
    put("k", 10);
    store.locked = key -> key.equals(key("bad"));
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofSeconds(1));
      cache.put("bad", "v" + i);
    }
    assertThat(store.lockWaits).hasValue(1);
  }

  @Test
  void anAskedForFlushIsNotOverBeforeWhatWasSetAsideAndReplacedIsThere() {
    put("bad", 100);
    cache.put("k", "v");
    store.poison = AsideTest::isBad;
    store.mostRefusals = 1;
    fixture.advance(Duration.ofSeconds(11));
    boolean _ = writeBack.flushDue();
    fixture.advance(Duration.ofMillis(1));
    AtomicBoolean flushed = new AtomicBoolean();
    Thread asking =
        Thread.ofPlatform()
            .start(() -> {
              try {
                flushed.set(writeBack.flushAll(Duration.ofMinutes(1)));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    await().until(() -> asking.getState() == Thread.State.TIMED_WAITING);
    fixture.advance(Duration.ofMillis(1));
    cache.put("k", "newer");

    for (int i = 0; i < 1_000_000 && asking.isAlive(); i++) {
      boolean _ = writeBack.flushDue();
    }
    assertThat(flushed).isTrue();
    assertThat(text(store.row(key("k")))).isIn("v", "newer");
  }

  @Test
  void whereAllThatIsLeftIsRefusedOneErrorIsNoOutage() {
    put("bad", 50);
    cache.put("broken", "v");
    store.poison = AsideTest::isBad;
    store.broken = write -> write.key().equals(key("broken"));
    cache.put("k", "v");
    pass(Duration.ofSeconds(12));
    assertThat(rows("k")).isEqualTo(1);
    assertThat(writeBack.isFailing()).isFalse();
  }

  private void assertAllPassesOnceHealed(String prefix, int rows) {
    store.heal();
    pass(Duration.ofSeconds(3));
    assertThat(rows(prefix)).isEqualTo(rows);
    assertNothingIsHeld();
  }

  private void assertNothingIsHeld() {
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedBytes()).isZero();
  }
}
