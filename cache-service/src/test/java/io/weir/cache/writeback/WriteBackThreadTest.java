package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.Ticker;
import io.weir.cache.kv.Claim;
import io.weir.model.NodeId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Write-back with its own thread, in real time. */
class WriteBackThreadTest {

  private final WriteBackFixture fixture =
      WriteBackFixture.of(
          settings().maxEntries(3).maxWriteWait(Duration.ofMinutes(2)),
          Ticker.system(),
          new FlushSettings(
              Duration.ofHours(1),
              Long.MAX_VALUE,
              100,
              1 << 20,
              Duration.ZERO,
              Duration.ofMillis(1),
              Duration.ofMillis(10)));
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;
  private final WriteBack writeBack = fixture.writeBack;

  @AfterEach
  void end() {
    writeBack.close();
    assertThat(store.violations).isEmpty();
  }

  @Test
  void flushAllBringsAllToTheDatabaseWhateverItsAge() throws Exception {
    writeBack.start();
    assertThat(writeBack.flushAll(Duration.ofMinutes(2))).isTrue();
    for (int i = 0; i < 1_000; i++) {
      cache.put("k" + i, "v" + i);
    }

    assertThat(writeBack.flushAll(Duration.ofMinutes(2))).isTrue();

    assertThat(store.size()).isEqualTo(1_000);
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void flushAllWaitsForAFlushInProgressThatFailsAndIsRepeated() throws Exception {
    CountDownLatch inFlush = new CountDownLatch(1);
    CountDownLatch fail = new CountDownLatch(1);
    store.beforeFlush =
        writes -> {
          store.beforeFlush = again -> {};
          inFlush.countDown();
          pass(fail);
          throw FakeBackingStore.unavailable();
        };
    cache.put("k", "v");
    writeBack.start();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> flushed = executor.submit(() -> writeBack.flushAll(Duration.ofMinutes(2)));
      pass(inFlush);
      assertThat(flushed.isDone()).isFalse();
      fail.countDown();
      assertThat(flushed.get()).isTrue();
    }
    assertThat(text(store.row(key("k")))).isEqualTo("v");
  }

  @Test
  void flushAllWaitsForAnEntryThatEvictionMadeUrgentBehindAYoungerOne() throws Exception {
    // Parked in the order of their use, which is not that of their age.
    cache.put("old", "v");
    cache.put("young", "v");
    cache.get("old");
    cache.get("other-1");
    cache.get("other-2");
    cache.get("other-3");
    writeBack.start();
    assertThat(writeBack.flushAll(Duration.ofMinutes(2))).isTrue();
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void flushAllGivesUpInTimeAndQuarantinedRowsDoNotCount() throws Exception {
    writeBack.start();
    store.goDown();
    cache.put("k", "v");
    assertThat(writeBack.flushAll(Duration.ofMillis(50))).isFalse();
    assertThat(cache.get("k")).isEqualTo("v");

    store.heal();
    store.poison = write -> write.key().equals(key("bad"));
    cache.put("bad", "v");
    assertThat(writeBack.flushAll(Duration.ofMinutes(2))).isTrue();
    assertThat(text(store.row(key("k")))).isEqualTo("v");
    assertThat(writeBack.quarantined()).hasSize(1);
  }

  @Test
  void flushAllDoesNotWaitForAWriteBackThatWasFenced() throws Exception {
    store.takeOver(new Claim(2, 2, new NodeId("cache-2")));
    cache.put("k", "v");
    writeBack.start();
    assertThat(writeBack.flushAll(Duration.ofMinutes(10))).isFalse();
    await().untilAsserted(() -> assertThat(fixture.fenced.get()).isNotNull());
  }

  @Test
  void theThreadHasANameAndSurvivesAnError() {
    store.beforeFlush =
        writes -> {
          store.beforeFlush = again -> {};
          assertThat(Thread.currentThread().getName()).isEqualTo("weir-write-back");
          throw new OutOfMemoryError("of the test");
        };
    cache.put("k", "v");
    for (int i = 0; i < 10; i++) {
      cache.get("other-" + i);
    }
    writeBack.start();
    await().until(() -> store.row(key("k")).value() != null);
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
