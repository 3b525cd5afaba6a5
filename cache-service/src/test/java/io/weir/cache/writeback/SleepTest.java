package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.Alarm;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.engine.Ticker;
import io.weir.cache.engine.Weights;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The write-back's thread sleeps until something is due, and is woken for what comes before. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SleepTest {

  private static final int ENTRY =
      Weights.ofDirty(EngineFixture.key("key-0"), EngineFixture.value("v"));

  private static FlushSettings flushing(Duration maxAge, long lowWatermark, Duration settle) {
    return new FlushSettings(
        maxAge,
        lowWatermark,
        1_000,
        1 << 20,
        settle,
        Duration.ofMillis(100),
        Duration.ofSeconds(1));
  }

  private static long next(WriteBackFixture fixture) {
    return fixture.writeBack.nextNanos(fixture.cache.ticker.nanos());
  }

  // When something is due, by a clock that stands still.

  @Test
  void withNothingDirtyNothingIsDue() {
    WriteBackFixture idle = WriteBackFixture.of(settings());
    assertThat(next(idle)).as("the database is asked first").isEqualTo(idle.cache.ticker.nanos());
    idle.writeBack.flushDue();
    assertThat(next(idle)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theOldestEntryIsDueWhenItIsOldAndWhatIsPressingAtOnce() {
    WriteBackFixture fixture =
        WriteBackFixture.of(
            settings().maxEntries(20),
            new FakeTicker(),
            flushing(Duration.ofSeconds(10), 3 * ENTRY, Duration.ZERO));
    fixture.writeBack.flushDue();
    long start = fixture.cache.ticker.nanos();
    fixture.cache.put("key-0", "v");
    fixture.advance(Duration.ofSeconds(4));
    fixture.cache.put("key-1", "v");
    assertThat(next(fixture)).isEqualTo(start + Duration.ofSeconds(10).toNanos());

    fixture.cache.put("key-2", "v");
    fixture.cache.put("key-3", "v");
    assertThat(next(fixture)).isEqualTo(fixture.cache.ticker.nanos());
    assertThat(fixture.writeBack.flushDue()).isTrue();
    assertThat(next(fixture)).isEqualTo(Long.MAX_VALUE);

    fixture.cache.put("key-4", "v");
    for (int i = 0; i < 20; i++) {
      fixture.cache.get("other-" + i);
    }
    assertThat(next(fixture)).as("eviction waits").isEqualTo(fixture.cache.ticker.nanos());
  }

  @Test
  void whatSettlesAndWhatIsRefusedHaveTheirMoments() {
    Duration settle = Duration.ofSeconds(4);
    WriteBackFixture fixture =
        WriteBackFixture.of(
            settings(), new FakeTicker(), flushing(Duration.ofSeconds(10), Long.MAX_VALUE, settle));
    fixture.cache.store.poison = write -> write.key().equals(EngineFixture.key("bad"));
    fixture.cache.put("good", "v");
    fixture.flushOld();
    assertThat(next(fixture)).isEqualTo(fixture.cache.ticker.nanos() + settle.toNanos());

    fixture.cache.put("bad", "v");
    fixture.flushOld();
    assertThat(next(fixture) - fixture.cache.ticker.nanos())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofSeconds(1).toNanos());
  }

  // That it is woken. It sleeps for a second when nobody wakes it, so each round would take one.

  @Test
  void theLowWatermarkWakesIt() {
    assertWokenByEachRound(settings(), 0, 0, cache -> cache.put("k", "v"));
  }

  /**
   * Ten may wait until they are old: those of a round that it does not take with the others, since
   * it is still awake from the round before and has enough with the first eight.
   */
  @Test
  void manyEntriesWakeIt() {
    assertWokenByEachRound(
        settings().maxEntries(20),
        Long.MAX_VALUE,
        10,
        cache -> {
          for (int i = 0; i < 11; i++) {
            cache.put("key-" + i, "v");
          }
        });
  }

  @Test
  void evictionWakesIt() {
    AtomicLong n = new AtomicLong();
    assertWokenByEachRound(
        settings().maxEntries(20),
        Long.MAX_VALUE,
        0,
        cache -> {
          cache.put("dirty", "v");
          for (int i = 0; i < 20; i++) {
            cache.get("other-" + n.getAndIncrement());
          }
        });
  }

  @Test
  void anEntryThatIsOldSoonWakesItToWaitForThat() {
    WriteBackFixture fixture =
        WriteBackFixture.of(
            settings(),
            Ticker.system(),
            flushing(Duration.ofMillis(1), Long.MAX_VALUE, Duration.ZERO));
    assertWokenByEachRound(fixture, 0, cache -> cache.put("k", "v"));
  }

  private static void assertWokenByEachRound(
      EngineFixture.Settings settings,
      long lowWatermark,
      long mayStay,
      Consumer<EngineFixture> round) {
    EngineFixture.Settings engine = settings.lowWatermarkBytes(lowWatermark);
    assertWokenByEachRound(
        WriteBackFixture.of(
            engine, Ticker.system(), flushing(Duration.ofHours(1), lowWatermark, Duration.ZERO)),
        mayStay,
        round);
  }

  private static void assertWokenByEachRound(
      WriteBackFixture fixture, long mayStay, Consumer<EngineFixture> round) {
    int rounds = 200;
    long start = System.nanoTime();
    fixture.writeBack.start();
    try {
      for (int i = 0; i < rounds; i++) {
        round.accept(fixture.cache);
        while (fixture.cache.engine.statistics().dirty().entries() > mayStay) {
          goOnWithin60Seconds(start);
        }
      }
    } finally {
      fixture.writeBack.close();
    }
    assertThat(fixture.cache.store.violations).isEmpty();
  }

  private static void goOnWithin60Seconds(long start) {
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(60).toNanos());
    Thread.onSpinWait();
    Thread.yield();
  }

  @Test
  void aCallIsHeardWhateverTheThreadDoesAndWhileItIsDeaf() throws Exception {
    Alarm alarm = new Alarm();
    AtomicLong calls = new AtomicLong();
    AtomicLong heard = new AtomicLong();
    Sleep[] sleep = new Sleep[1];
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .unstarted(() -> {
              while (heard.get() < 200) {
                sleep[0].over();
                long now = calls.get();
                if (heard.getAndSet(now) != now) {
                  continue;
                }
                if (now % 2 == 0) {
                  sleep[0].deaf(Long.MAX_VALUE);
                } else {
                  sleep[0].until(0, Long.MAX_VALUE);
                }
              }
            });
    sleep[0] = new Sleep(alarm, thread);
    long start = System.nanoTime();
    thread.start();
    for (int i = 1; i <= 200; i++) {
      calls.set(i);
      sleep[0].call();
      while (heard.get() < i) {
        goOnWithin60Seconds(start);
      }
    }
    thread.join();
  }
}
