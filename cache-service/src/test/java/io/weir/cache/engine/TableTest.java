package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bound, the stripes and the dirty set. */
class TableTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 1 << 15})
  void anImpossibleNumberOfStripesIsRefused(int stripes) {
    assertThatThrownBy(() -> EngineFixture.of(settings().stripes(stripes)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("power of two");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64})
  void theBytesNeverExceedTheirBoundAndAreGivenBackInFull(int stripes) {
    EngineFixture cache =
        EngineFixture.of(settings().stripes(stripes).maxBytes(50_000).maxDirtyBytes(20_000));
    for (int i = 0; i < 5_000; i++) {
      cache.put("key-" + i % 700, "x".repeat(i % 500));
      if (i % 20 == 19) {
        cache.flush();
      }
      assertThat(cache.engine.statistics().memory().bytes()).isBetween(0L, 50_000L);
    }
    cache.flush();
    EngineStatistics full = cache.engine.statistics();
    assertThat(full.memory().evictions()).isPositive();
    assertThat(full.memory().bytes()).as("the memory is used").isGreaterThan(40_000);
    for (int i = 0; i < 700; i++) {
      cache.table().drop(key("key-" + i));
    }
    assertThat(cache.engine.statistics().memory().bytes()).isZero();
    assertThat(cache.engine.statistics().memory().entries()).isZero();
  }

  @Test
  @Timeout(60) // It takes a second; with a hash that clients can foresee, half an hour.
  void keysOfOneHashCodeCostWhatOthersCost() {
    EngineFixture cache =
        EngineFixture.of(settings().stripes(64).maxBytes(64 << 20).maxDirtyBytes(60 << 20));
    List<Key> keys = EngineFixture.keysOfOneHashCode(17);
    for (Key key : keys) {
      cache.engine.write(key, value("v"), Condition.NONE, Durability.JOURNAL);
    }
    for (Key key : keys) {
      assertThat(cache.engine.read(key, false, null).hit()).isTrue();
    }
    cache.flush();
    for (Key key : keys) {
      cache.table().drop(key);
    }
    assertThat(cache.engine.statistics().memory().entries()).isZero();
  }

  @Test
  @Timeout(60)
  void theGatesAndLoadsOfKeysOfOneHashCodeCostWhatOthersCost() {
    List<Key> keys = EngineFixture.keysOfOneHashCode(17);
    KeyGates gates = new KeyGates(Duration.ofSeconds(1));
    Loads loads = new Loads();
    List<KeyGates.Gate> entered = new ArrayList<>();
    for (Key key : keys) {
      entered.add(gates.enter(key));
      loads.attach(key, new Loads.Load());
    }
    entered.forEach(gates::leave);
    keys.forEach(loads::detach);
    assertThat(gates.isIdle()).isTrue();
  }

  @Test
  void aLargeValueDoesNotCostItsStripeWhatIsHotThere() {
    EngineFixture cache =
        EngineFixture.of(settings().stripes(16).maxBytes(1 << 20).maxDirtyBytes(1 << 19));
    for (int i = 0; cache.engine.statistics().memory().evictions() == 0; i++) {
      cache.put("key-" + i, "x".repeat(100));
      if (i % 100 == 99) {
        cache.flush();
      }
    }
    cache.flush();
    Stripe own = cache.table().stripe(key("big"));
    long before = own.bytes();
    assertThat(before).as("about its share").isBetween(40_000L, 91_000L);
    cache.put("big", "x".repeat(130_000)); // Two stripes' share.
    assertThat(own.bytes() - 130_000).isGreaterThan(before / 2);
    assertThat(cache.engine.statistics().memory().bytes()).isBetween(950_000L, 1L << 20);
  }

  @Test
  void aValueLargerThanAStripesShareFindsItsRoomInTheOthers() {
    EngineFixture cache =
        EngineFixture.of(settings().stripes(16).maxBytes(64_000).maxDirtyBytes(40_000));
    for (int i = 0; i < 300; i++) {
      cache.put("key-" + i, "x".repeat(100));
      cache.flush();
    }
    cache.put("big", "x".repeat(30_000));
    assertThat(cache.engine.statistics().memory().bytes()).isLessThanOrEqualTo(64_000);
    assertThat(cache.get("big")).hasSize(30_000);
  }

  @Test
  void entriesAreBoundedEvenWhenTheyAreSmallAndDirty() {
    EngineFixture cache =
        EngineFixture.of(
            settings()
                .stripes(4)
                .maxEntries(40)
                .maxDirtyBytes(1 << 19)
                .maxWriteWait(Duration.ZERO));
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      try {
        cache.put("key-" + i, "");
        taken++;
      } catch (EngineException.TooMuchDirty e) {
        assertThat(waitingEntries(cache)).isGreaterThan(cache.engine.dirtySet().manyEntries());
      }
      assertThat(cache.engine.statistics().memory().entries()).isLessThanOrEqualTo(40);
    }
    assertThat(taken).isEqualTo(20);
    cache.flush();
    assertThat(waitingEntries(cache)).isZero();
    cache.put("one-more", "");
  }

  private static long waitingEntries(EngineFixture cache) {
    return cache.engine.dirtySet().waiting().entries();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void whatIsRecoveredBeyondTheBoundLeavesAsItIsFlushed(int stripes) {
    EngineFixture cache = EngineFixture.of(settings().stripes(stripes).maxEntries(40));
    for (int i = 1; i <= 100; i++) {
      Write journalled = new Write(key("key-" + i), new Version(i), value("v"));
      cache.journal.append(List.of(new Mutation.Written(journalled))).join();
    }
    assertThat(cache.engine.statistics().memory().entries()).isEqualTo(100);

    List<Write> some = cache.engine.dirtySet().take(Long.MAX_VALUE, 30, 1 << 20);
    cache.acknowledge(some);
    assertThat(cache.engine.statistics().memory().entries()).isEqualTo(70);
    cache.flush();

    assertThat(cache.engine.statistics().memory().entries()).isEqualTo(40);
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void aBatchTakesFromEveryStripeAndLeavesNoneLastForEver() {
    EngineFixture cache = EngineFixture.of(settings().stripes(8));
    for (int i = 0; i < 400; i++) {
      cache.put("key-" + i, "v");
    }
    int batches = 0;
    while (cache.engine.statistics().dirty().entries() > 0) {
      List<Write> batch = cache.engine.dirtySet().take(Long.MAX_VALUE, 16, 1 << 20);
      assertThat(batch).hasSizeLessThanOrEqualTo(16).isNotEmpty();
      if (batches < 10) {
        assertThat(batch.stream().map(write -> cache.table().stripe(write.key())).distinct())
            .hasSize(8);
      }
      cache.acknowledge(batch);
      batches++;
    }
    assertThat(batches).isBetween(25, 30);
  }

  @Test
  void aWriteThatIsOlderThanTheEntryChangesNothing() {
    EngineFixture cache = EngineFixture.of(settings());
    cache.put("k", "new");
    long dirty = cache.engine.statistics().dirty().bytes();
    Write old = new Write(key("k"), new Version(1), value("old"));
    cache.journal.append(List.of(new Mutation.Written(old))).join();
    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(dirty);
  }

  @Test
  void theOldestIsFoundBehindWhatEvictionMadeUrgentAndWhatAFailedFlushGaveBack() {
    FakeTicker ticker = new FakeTicker();
    EngineFixture cache = EngineFixture.of(settings().maxEntries(3), ticker);
    cache.put("old", "v");
    long since = ticker.nanos();
    ticker.advance(Duration.ofSeconds(1));
    cache.put("young", "v");
    cache.get("old");
    cache.get("a");
    cache.get("b");
    assertThat(cache.engine.dirtySet().oldestDirtyNanos()).hasValue(since);

    List<Write> urgent = cache.engine.dirtySet().take(0, 10, 1 << 20);
    assertThat(urgent).extracting(write -> write.key().toString()).contains("young");
    cache.engine.dirtySet().giveBack(urgent);

    assertThat(cache.engine.dirtySet().oldestDirtyNanos()).hasValue(since);
    assertThat(cache.engine.dirtySet().take(0, 10, 1 << 20)).isEqualTo(urgent);
  }

  @Test
  void aKeyIsInOneFlushAtATimeThoughItIsWrittenAgain() {
    // As between the two rounds in which a batch is collected from the stripes.
    EngineFixture cache = EngineFixture.of(settings().maxEntries(3));
    DirtySet dirty = cache.engine.dirtySet();
    cache.put("k", "old");
    List<Write> batch = dirty.take(Long.MAX_VALUE, 10, 1 << 20);
    cache.put("k", "new");
    assertThat(dirty.take(Long.MAX_VALUE, 10, 1 << 20)).isEmpty();
    for (String other : List.of("a", "b", "c")) {
      cache.get(other);
    }
    assertThat(dirty.take(Long.MAX_VALUE, 10, 1 << 20)).isEmpty();

    dirty.giveBack(batch);

    // Parked, so due at any age.
    assertThat(dirty.take(0, 10, 1 << 20))
        .extracting(write -> new String(requireNonNull(write.value()).bytes(), UTF_8))
        .containsExactly("new");
  }

  @Test
  void whatAFailedFlushGivesBackIsOlderThanWhatWasWrittenMeanwhile() {
    FakeTicker ticker = new FakeTicker();
    EngineFixture cache = EngineFixture.of(settings(), ticker);
    cache.put("old", "v");
    long since = ticker.nanos();
    List<Write> taken = cache.takeAll();
    ticker.advance(Duration.ofSeconds(1));
    cache.put("young", "v");
    cache.engine.dirtySet().giveBack(taken);

    assertThat(cache.engine.dirtySet().oldestDirtyNanos()).hasValue(since);
    assertThat(cache.engine.dirtySet().take(since, 10, 1 << 20)).isEqualTo(taken);
  }

  @Test
  void readersNeverSeeAnEntryHalfChanged() throws Exception {
    EngineFixture cache = EngineFixture.of(settings().stripes(2).maxEntries(20));
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      List<Future<?>> readers = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        readers.add(
            executor.submit(() -> {
              while (!over.get()) {
                for (int i = 0; i < 5; i++) {
                  var read = cache.read(key("k" + i), false);
                  if (read != null && read.what().value() != null) {
                    // The value names the low digits of the version it was written with.
                    String text = EngineFixture.text(read.what());
                    assertThat(read.what().version().value() & 0xFFFFF)
                        .isEqualTo(Long.parseLong(text));
                  }
                }
              }
            }));
      }
      for (int i = 1; i < 30_000; i++) {
        cache.put("k" + i % 5, Integer.toString(i));
        if (i % 8 == 0) {
          cache.flush();
        }
      }
      over.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
  }
}
