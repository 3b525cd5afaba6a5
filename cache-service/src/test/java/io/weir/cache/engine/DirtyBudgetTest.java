package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.TooMuchDirty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets room, and in which order. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DirtyBudgetTest {

  private static final int MAX = 100;

  private final DirtyBudget budget = budget(MAX, 10, 16, Duration.ofMinutes(1));
  private final List<String> granted = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private static DirtyBudget budget(int bytes, int entries, int waiters, Duration wait) {
    return new DirtyBudget(bytes, entries, 10, waiters, wait);
  }

  @AfterEach
  void nobodyIsLeft() throws InterruptedException {
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join();
    }
  }

  /** A write that waits for room; it stands in the line when this returns. */
  private Thread waiting(String name, int bytes, int entries) {
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                budget.reserve(bytes, entries);
                granted.add(name);
              } catch (TooMuchDirty e) {
                granted.add(name + " refused");
              }
            });
    threads.add(thread);
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }

  private void assertGranted(String... names) {
    await().until(() -> granted.size() >= names.length);
    assertThat(granted).containsExactly(names);
  }

  @Test
  void whatIsReleasedIsGrantedToTheFirstOfTheLineAlone() {
    budget.charge(MAX);
    waiting("first", 40, 1);
    waiting("second", 10, 1);
    waiting("third", 20, 1);

    budget.charge(-30, 0);
    assertThat(budget.dirtyBytes()).isEqualTo(70);
    budget.release(5, 0);
    assertThat(granted).as("10 would fit, and does not overtake").isEmpty();

    budget.release(5, 0);
    assertGranted("first");
    assertThat(budget.dirtyBytes()).isEqualTo(MAX);

    budget.release(30, 0);
    await().until(() -> granted.size() == 3);
    assertThat(budget.dirtyBytes()).isEqualTo(MAX);
  }

  @Test
  void aNewcomerDoesNotOvertakeAndOneThatNeedsNothingWaitsForNobody() {
    budget.charge(90);
    waiting("first", 20, 1);

    assertThat(budget.tryReserve(5, 1)).isFalse();
    budget.reserve(0, 0);
    waiting("second", 5, 1);
    budget.release(10, 0);
    assertGranted("first");
  }

  @Test
  void whenTheFirstGivesUpTheNextIsLookedAt() throws Exception {
    budget.charge(90);
    Thread first = waiting("first", 20, 1);
    waiting("second", 10, 1);

    first.interrupt();
    first.join();

    await().until(() -> granted.size() == 2);
    assertThat(granted).containsExactlyInAnyOrder("first refused", "second");
    assertThat(budget.dirtyBytes()).isEqualTo(MAX);
  }

  @Test
  void whoCannotBeServedIsRefusedAtOnce() {
    DirtyBudget none = budget(MAX, 10, 0, Duration.ofMinutes(1));
    none.charge(MAX);
    assertThatThrownBy(() -> none.reserve(1, 1)).isInstanceOf(TooMuchDirty.class);
    none.release(MAX);
    none.reserve(MAX, 1);
    assertThat(none.dirtyBytes()).isEqualTo(MAX);
  }

  @Test
  void whatIsReplacedMakesNoRoomThatItsSuccessorNeeds() {
    budget.charge(MAX);
    waiting("first", 40, 1);
    for (int i = 0; i < 100; i++) {
      budget.recharge(50, 50);
    }
    assertThat(granted).isEmpty();
    budget.recharge(50, 5);
    assertGranted("first");
    assertThat(budget.dirtyBytes()).isEqualTo(95);
  }

  /**
   * Threads that reserve, hold and release, in bytes and in entries; some give up. A wake-up that
   * is lost leaves a thread asleep for a minute, which the time-out shows.
   */
  @ParameterizedTest
  @CsvSource({"60000, 1000, 10", "60000, 100, 3", "1, 100, 3", "0, 100, 5"})
  void nothingIsLostAndNobodySleepsWhileThereIsRoom(int waitMillis, int bytes, int entries)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("DirtyBudgetTest seed " + seed);
    DirtyBudget shared = budget(bytes, entries, 64, Duration.ofMillis(waitMillis));
    AtomicInteger refused = new AtomicInteger();
    int writers = 48;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Random random = new Random(seed + i);
        all.add(executor.submit(() -> write(shared, bytes, random, refused)));
      }
      for (Future<?> one : all) {
        one.get(1, TimeUnit.MINUTES);
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + seed, e.getCause());
    }
    assertThat(shared.dirtyBytes()).isZero();
    if (waitMillis == 60_000) {
      assertThat(refused).hasValue(0);
    }
    // All of it is free again, entries too, and no line stands in the way.
    for (int i = 0; i < entries; i++) {
      assertThat(shared.tryReserve(bytes / entries, 1)).isTrue();
    }
    assertThat(shared.tryReserve(0, 1)).isFalse();
  }

  private static void write(
      DirtyBudget shared, int maxBytes, Random random, AtomicInteger refused) {
    for (int i = 0; i < 2_000; i++) {
      int bytes = 1 + random.nextInt(maxBytes / 2);
      try {
        if (!shared.tryReserve(bytes, 1)) {
          shared.reserve(bytes, 1);
        }
      } catch (TooMuchDirty e) {
        refused.incrementAndGet();
        continue;
      }
      assertThat(shared.dirtyBytes()).isLessThanOrEqualTo(maxBytes);
      if (random.nextInt(4) == 0) {
        Thread.yield();
      }
      int less = 1 + random.nextInt(bytes);
      shared.recharge(bytes, less);
      shared.release(less, 1);
    }
  }
}
