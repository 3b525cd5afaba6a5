package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads of the database that meet each other, and writes. */
class LoadRaceTest {

  private final EngineFixture cache = EngineFixture.of(settings().maxEntries(2));
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch loaded = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void end() {
    goOn.countDown();
    executor.close();
  }

  /** The first load stops when it has read its row; later ones do not. */
  private void stallTheFirstLoad() {
    AtomicBoolean first = new AtomicBoolean(true);
    cache.store.afterLoad =
        k -> {
          if (first.getAndSet(false)) {
            loaded.countDown();
            pass(goOn);
          }
        };
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void manyConcurrentMissesAreOneRead() throws Exception {
    cache.store.insert(key("k"), 1, value("v1"));
    stallTheFirstLoad();
    List<Future<String>> readers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      readers.add(executor.submit(() -> cache.get("k")));
    }
    pass(loaded);
    await().until(() -> cache.engine.statistics().reads().misses() == 50);
    goOn.countDown();

    for (Future<String> reader : readers) {
      assertThat(reader.get()).isEqualTo("v1");
    }
    assertThat(cache.store.loads).hasValue(1);
  }

  @Test
  void aFailedReadFailsForAllWhoWaitedAndForNobodyElse() throws Exception {
    cache.store.insert(key("k"), 1, value("v1"));
    AtomicBoolean first = new AtomicBoolean(true);
    cache.store.afterLoad =
        k -> {
          if (first.getAndSet(false)) {
            loaded.countDown();
            pass(goOn);
            throw FakeBackingStore.unavailable();
          }
        };
    Future<String> one = executor.submit(() -> cache.get("k"));
    pass(loaded);
    Future<String> two = executor.submit(() -> cache.get("k"));
    await().until(() -> cache.engine.statistics().reads().misses() == 2);
    goOn.countDown();

    for (Future<String> reader : List.of(one, two)) {
      assertThatThrownBy(reader::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StoreUnavailableException.class);
    }
    assertThat(cache.get("k")).isEqualTo("v1");
  }

  @Test
  void aRowReadBeforeAWriteIsNotInstalledAfterThatWriteWasFlushedAndEvicted() throws Exception {
    cache.store.insert(key("k"), 1, value("v1"));
    stallTheFirstLoad();
    Future<String> reader = executor.submit(() -> cache.get("k"));
    pass(loaded);

    cache.put("k", "v2");
    cache.flush();
    cache.get("other-1");
    cache.get("other-2");
    assertThat(cache.isResident("k")).isFalse();
    // A reader that comes now does not join the old load either.
    assertThat(cache.get("k")).isEqualTo("v2");
    cache.get("other-3");
    cache.get("other-4");
    assertThat(cache.isResident("k")).isFalse();
    goOn.countDown();

    assertThat(reader.get()).as("it overlaps the write").isIn("v1", "v2");
    assertThat(cache.isResident("k")).isFalse();
    assertThat(cache.get("k")).isEqualTo("v2");
  }

  @Test
  void aReadThatRacesAWriteReturnsTheWriteWhenThatIsResident() throws Exception {
    cache.store.insert(key("k"), 1, value("v1"));
    stallTheFirstLoad();
    Future<String> reader = executor.submit(() -> cache.get("k"));
    pass(loaded);
    cache.put("k", "v2");
    goOn.countDown();

    assertThat(reader.get()).isEqualTo("v2");
    assertThat(cache.get("k")).isEqualTo("v2");
  }

  @Test
  void anAbsentRowReadBeforeAWriteIsNotInstalledEither() throws Exception {
    stallTheFirstLoad();
    Future<String> reader = executor.submit(() -> cache.get("k"));
    pass(loaded);
    cache.put("k", "v1");
    cache.flush();
    cache.get("other-1");
    cache.get("other-2");
    goOn.countDown();
    reader.get();

    assertThat(cache.get("k")).isEqualTo("v1");
  }

  @Test
  void aLoadThatFailsAfterAWriteLeavesTheWriteAndLaterLoadsAlone() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    cache.store.afterLoad =
        k -> {
          if (first.getAndSet(false)) {
            loaded.countDown();
            pass(goOn);
            throw FakeBackingStore.unavailable();
          }
        };
    Future<String> reader = executor.submit(() -> cache.get("k"));
    pass(loaded);
    cache.put("k", "v2");
    goOn.countDown();

    assertThatThrownBy(reader::get).hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(cache.get("k")).isEqualTo("v2");
  }

  @Test
  void aReloadDoesNotJoinALoadThatBeganBeforeIt() throws Exception {
    cache.store.insert(key("k"), 1, value("v1"));
    stallTheFirstLoad();
    Future<String> earlier = executor.submit(() -> cache.get("k"));
    pass(loaded);
    cache.store.insert(key("k"), 2, value("v2"));

    Read reload = cache.engine.read(key("k"), true, null);
    assertThat(EngineFixture.text(reload.what())).isEqualTo("v2");
    goOn.countDown();
    assertThat(earlier.get()).as("of a read that overlaps").isIn("v1", "v2");
    assertThat(cache.get("k")).as("what stays").isEqualTo("v2");
  }

  @Test
  void whoJoinsALoadIsToldWhetherItsRowIsResident() throws Exception {
    cache.store.insert(key("k"), 1, value("x".repeat(2 << 20)));
    stallTheFirstLoad();
    Future<Read> first = executor.submit(() -> cache.engine.read(key("k"), false, null));
    pass(loaded);
    Future<Read> joined = executor.submit(() -> cache.engine.read(key("k"), false, null));
    await().until(() -> cache.engine.statistics().reads().misses() == 2);
    goOn.countDown();
    assertThat(List.of(first.get(), joined.get())).extracting(Read::stored).containsOnly(false);
  }
}
