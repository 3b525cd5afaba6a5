package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to writes when the database does not keep up. */
class BackPressureTest {

  private static final int ENTRY = Weights.ofDirty(key("k0"), value("v"));

  private static EngineFixture of(int entries, Duration wait, int waiting) {
    return EngineFixture.of(
        settings()
            .maxDirtyBytes((long) entries * ENTRY)
            .maxWriteWait(wait)
            .maxWaitingWrites(waiting));
  }

  @Test
  void aWriteAboveTheHighWatermarkIsRefusedAfterItsWait() {
    EngineFixture cache = of(3, Duration.ofMillis(20), 4);
    fill(cache, 3);
    long start = System.nanoTime();

    assertThatThrownBy(() -> cache.put("k9", "v")).isInstanceOf(TooMuchDirty.class);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(cache.engine.statistics().writes().shed()).isEqualTo(1);
    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(3L * ENTRY);
    assertThat(cache.isResident("k9")).isFalse();
  }

  @Test
  void theDirtyQueueIsBoundedHoweverLongTheDatabaseIsSlow() {
    EngineFixture cache = of(10, Duration.ZERO, 4);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      try {
        cache.put("k" + i % 100, "v");
      } catch (TooMuchDirty e) {
        refused++;
      }
      EngineStatistics now = cache.engine.statistics();
      assertThat(now.dirty().bytes()).isLessThanOrEqualTo(now.dirty().maxBytes());
      assertThat(now.dirty().entries()).isLessThanOrEqualTo(10);
    }
    assertThat(refused).as("all but the ten keys that are dirty, again and again").isEqualTo(900);
    cache.flush();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    cache.put("k", "v");
  }

  @Test
  void aWaitingWriteGoesOnAsSoonAsAFlushIsAcknowledged() throws Exception {
    EngineFixture cache = of(3, Duration.ofMinutes(2), 4);
    fill(cache, 3);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Version> waiting = executor.submit(() -> cache.put("k9", "v"));
      List<Write> batch = cache.takeAll();
      assertThat(waiting.isDone()).isFalse();
      cache.acknowledge(batch);

      waiting.get(2, TimeUnit.MINUTES);
    }
    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(ENTRY);
  }

  @Test
  void thoseWhoWaitAreBoundedToo() throws Exception {
    EngineFixture cache = of(1, Duration.ofMinutes(2), 2);
    fill(cache, 1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Version>> writes = new ArrayList<>();
      for (int i = 1; i <= 6; i++) {
        int n = i;
        writes.add(executor.submit(() -> cache.put("k" + n, "v")));
      }
      await().until(() -> writes.stream().filter(Future::isDone).count() == 4);
      for (Future<Version> write : writes) {
        if (write.isDone()) {
          assertThatThrownBy(write::get)
              .isInstanceOf(ExecutionException.class)
              .hasCauseInstanceOf(TooMuchDirty.class);
        }
      }
      await()
          .until(() -> {
            cache.flush();
            return writes.stream().allMatch(Future::isDone);
          });
    }
    cache.flush();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
  }

  @Test
  void overwritingADirtyKeyHoldsItsNewestVersionOnly() {
    EngineFixture cache = of(2, Duration.ZERO, 1);
    for (int i = 0; i < 100; i++) {
      cache.put("k0", "v");
    }
    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(ENTRY);
  }

  @Test
  void aWriteThatWaitedIsRefusedOnceWritesAreAndAStopWaitsForThoseBefore() throws Exception {
    EngineFixture cache = of(1, Duration.ofMinutes(2), 2);
    fill(cache, 1);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Version> waiting = executor.submit(() -> cache.put("k9", "v"));
      cache.engine.refuseWrites("the server is stopping");
      assertThat(cache.engine.awaitWrites(Duration.ofMinutes(2))).isTrue();
      cache.flush();

      assertThatThrownBy(waiting::get).hasCauseInstanceOf(NotServing.class);
    }
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void overwritesAndDeletesOfDirtyKeysPassAtTheHighWatermark(Durability durability) {
    EngineFixture cache = of(3, Duration.ZERO, 4);
    fill(cache, 3);
    for (int i = 0; i < 10; i++) {
      write(cache, "k0", "w", durability);
      write(cache, "k1", null, durability);
      write(cache, "k1", "w", durability);
      assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(3L * ENTRY);
    }
    assertThat(cache.engine.statistics().writes().shed()).isZero();
    assertThatThrownBy(() -> write(cache, "k9", "v", durability)).isInstanceOf(TooMuchDirty.class);
    assertThatThrownBy(() -> write(cache, "k0", "x".repeat(20), durability))
        .as("it adds to what is there")
        .isInstanceOf(TooMuchDirty.class);

    write(cache, "k1", null, durability);
    write(cache, "k0", "x".repeat(20), durability);
    assertThat(cache.engine.statistics().dirty().bytes()).isLessThanOrEqualTo(3L * ENTRY);
    cache.flush();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    fill(cache, 3); // The entries were given back too.
  }

  @Test
  void overwritesLetNobodyInWhoWaits() throws Exception {
    EngineFixture cache = of(3, Duration.ofMinutes(2), 4);
    fill(cache, 3);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Version> waiting = executor.submit(() -> cache.put("k9", "v"));
      for (int i = 0; i < 1_000; i++) {
        write(cache, "k0", "w", Durability.JOURNAL);
        cache.put("k1", "w");
      }
      assertThat(waiting.isDone()).isFalse();
      assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(3L * ENTRY);
      cache.flush();
      waiting.get(2, TimeUnit.MINUTES);
    }
  }

  private static void write(
      EngineFixture cache, String key, @Nullable String text, Durability durability) {
    cache.engine.write(key(key), text == null ? null : value(text), Condition.NONE, durability);
  }

  private static void fill(EngineFixture cache, int entries) {
    for (int i = 0; i < entries; i++) {
      cache.put("k" + i, "v");
    }
  }
}
