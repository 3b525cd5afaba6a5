package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No ring is lost, and none wakes a thread for nothing. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class AlarmTest {

  private static final long FOR_EVER = TimeUnit.MINUTES.toNanos(10);

  private final Alarm alarm = new Alarm();

  @Test
  void aRingBeforeTheSleepEndsIt() {
    alarm.lower();
    alarm.ring();
    alarm.await(FOR_EVER);
  }

  @Test
  void aRingEndsTheSleep() throws Exception {
    Thread sleeper = Thread.ofPlatform().start(() -> alarm.await(FOR_EVER));
    await().until(() -> sleeper.getState() == Thread.State.TIMED_WAITING);
    alarm.ring();
    sleeper.join();
  }

  @Test
  void aLoweredAlarmLetsTheThreadSleep() {
    alarm.ring();
    alarm.lower();
    long start = System.nanoTime();
    alarm.await(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(System.nanoTime() - start).isPositive();
  }

  /**
   * Threads that change something, ring, and wait until it was looked at. A ring that is lost
   * leaves both sides waiting, which the time-out shows.
   */
  @Test
  void underStressEveryChangeIsLookedAt() throws Exception {
    int ringers = 3;
    int rounds = 20_000;
    AtomicLong changes = new AtomicLong();
    AtomicLong looked = new AtomicLong();
    AtomicBoolean over = new AtomicBoolean();
    Thread sleeper =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              while (!over.get()) {
                alarm.lower();
                long now = changes.get();
                if (looked.getAndSet(now) == now) {
                  alarm.await(FOR_EVER);
                }
              }
            });
    try (ExecutorService executor = Executors.newFixedThreadPool(ringers)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < ringers; i++) {
        all.add(
            executor.submit(() -> {
              for (int round = 0; round < rounds; round++) {
                long mine = changes.incrementAndGet();
                alarm.ring();
                while (looked.get() < mine && !over.get()) {
                  Thread.onSpinWait();
                  Thread.yield();
                }
              }
            }));
      }
      try {
        for (Future<?> one : all) {
          one.get(50, TimeUnit.SECONDS);
        }
      } finally {
        over.set(true);
        alarm.ring();
        LockSupport.unpark(sleeper);
      }
    }
    sleeper.join();
    assertThat(looked).hasValue((long) ringers * rounds);
  }
}
