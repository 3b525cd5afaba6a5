package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineException.ConditionFailed;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.EngineStatistics;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.Ticker;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole life of entries under threads that read, write, delete, reload and write conditionally,
 * over a store that fails, stalls, commits and then reports a failure, and refuses rows.
 *
 * <p>What is held against it: a read returns the latest write that was acknowledged when it began,
 * or a later one; the memory bound holds at every sample, and the dirty bound but for writes in
 * flight that replace something, which need only what they add; the store sees no older version
 * after a newer one; and in the end, with the store healed, it holds every acknowledged last write
 * and nothing is left dirty.
 */
class StateMachinePropertyTest {

  private static final int THREADS = 6;
  private static final Duration TROUBLE = Duration.ofMillis(1_500);
  private static final int POISON_BYTES = 700;
  private static final long LARGEST_ENTRY = 1_300;

  /** Of values at which the database fails with an error that nobody knows. */
  private static final int BROKEN_BYTES = 601;

  /** What is known of a key from outside. */
  private static final class Known {
    /** The newest version whose write had been acknowledged. */
    private final AtomicLong acknowledged = new AtomicLong();

    /** Every version that may be seen, with its value's length; -1 for a delete. */
    private final ConcurrentHashMap<Long, Integer> written = new ConcurrentHashMap<>();

    /** Deletes begun and not in {@link #written} yet. */
    private final AtomicInteger deleting = new AtomicInteger();
  }

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong shed = new AtomicLong();

  @ParameterizedTest
  @CsvSource({
    "1, 9000, 6000, 60, 0",
    "4, 10000, 7000, 60, 0",
    "8, 20000, 15000, 200, 0",
    "16, 60000, 50000, 600, 0",
    "4, 1000000, 3000, 3, 0",
    "8, 600000, 500000, 200, 3",
  })
  void nothingAcknowledgedIsLostOrSeenOutOfOrder(
      int stripes, long maxBytes, long maxDirtyBytes, int keys, int oneInIsPoison)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("StateMachinePropertyTest seed " + seed);
    WriteBackFixture fixture =
        WriteBackFixture.of(
            settings()
                .stripes(stripes)
                .maxBytes(maxBytes)
                .maxDirtyBytes(maxDirtyBytes)
                .maxQuarantinedBytes(1_500)
                .maxWriteWait(Duration.ofMillis(2))
                .maxWaitingWrites(3)
                .maxLoads(3, Duration.ofMillis(200)),
            Ticker.system(),
            new FlushSettings(
                Duration.ofMillis(3),
                maxDirtyBytes / 2,
                7,
                4_000,
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofMillis(8)));
    EngineFixture cache = fixture.cache;
    makeTrouble(cache.store, oneInIsPoison);
    List<Known> known = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      known.add(new Known());
    }
    fixture.writeBack.start();
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        all.add(executor.submit(() -> run(cache, known, random)));
      }
      all.add(executor.submit(() -> watchTheBounds(cache)));
      LockSupport.parkNanos(TROUBLE.toNanos());
      over.set(true);
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      over.set(true);
    }

    cache.store.heal();
    assertThat(fixture.writeBack.flushAll(Duration.ofMinutes(2))).isTrue();
    await().until(() -> cache.engine.statistics().dirty().entries() == 0);
    fixture.writeBack.close();
    assertEverythingArrived(cache, known);
    System.out.printf(
        "%d reads, %d writes, %d shed, %d flushes, %d evictions%n",
        reads.get(),
        writes.get(),
        shed.get(),
        cache.store.flushes.get(),
        cache.engine.statistics().memory().evictions());
    assertThat(writes.get()).isPositive();
    assertThat(reads.get()).isPositive();
  }

  private static void makeTrouble(FakeBackingStore store, int oneInIsPoison) {
    store.rowsOfStatement = 3;
    store.mostRefusals = 2;
    store.afterLoad = key -> trouble(20);
    store.beforeLoad = key -> trouble(20);
    store.beforeFlush = batch -> trouble(8);
    store.afterCommit = batch -> trouble(8); // Committed, and yet reported as failed.
    store.poison =
        write ->
            length(write) == POISON_BYTES
                || (oneInIsPoison > 0 && length(write) % oneInIsPoison == 0);
    store.broken = write -> length(write) == BROKEN_BYTES;
    store.locked = key -> isHeldNow(key, 1);
    store.gap = key -> isHeldNow(key, 2);
  }

  private static int length(Write write) {
    return write.value() == null ? -1 : write.value().bytes().length;
  }

  /** Whether another transaction holds a key at this moment: each is held now and then. */
  private static boolean isHeldNow(Key key, int by) {
    long moment = System.nanoTime() >> 23; // Some 8 ms.
    return Math.floorMod(key.hashCode() * 31 + moment * 7 + by, 400) == 0;
  }

  /** Fails one time in many, stalls one time in as many. */
  private static void trouble(int oneIn) {
    int dice = ThreadLocalRandom.current().nextInt(oneIn);
    if (dice == 0) {
      throw FakeBackingStore.unavailable();
    }
    if (dice == 1) {
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
    }
  }

  private void run(EngineFixture cache, List<Known> known, Random random) {
    while (!over.get()) {
      int n = (int) (known.size() * Math.pow(random.nextDouble(), 2));
      Key key = key("key-" + n);
      try {
        int action = random.nextInt(10);
        if (action < 5) {
          read(cache, key, known.get(n), action == 0);
        } else {
          write(cache, key, known.get(n), random);
        }
      } catch (StoreUnavailableException | Overloaded | ConditionFailed e) {
        // Nothing was changed.
      } catch (TooMuchDirty e) {
        shed.incrementAndGet();
      }
    }
  }

  private void read(EngineFixture cache, Key key, Known known, boolean reload) {
    long acknowledged = known.acknowledged.get();
    Versioned seen = cache.read(key, reload).what();
    reads.incrementAndGet();
    if (seen.version().equals(Version.NONE)) {
      // No row: never written, or a delete that was flushed and forgotten. That delete, or a later
      // one, is the latest acknowledged or not acknowledged yet.
      boolean deleted =
          acknowledged == 0
              || known.deleting.get() > 0
              || known.written.entrySet().stream()
                  .anyMatch(one -> one.getKey() >= acknowledged && one.getValue() == -1);
      assertThat(deleted).as("%s is absent, written at %s", key, acknowledged).isTrue();
      return;
    }
    assertThat(seen.version().value()).as("read of %s", key).isGreaterThanOrEqualTo(acknowledged);
    Integer length = known.written.get(seen.version().value());
    if (length != null) {
      assertThat(seen.value() == null ? -1 : seen.value().bytes().length).isEqualTo(length);
    }
  }

  private void write(EngineFixture cache, Key key, Known known, Random random) {
    int kind = random.nextInt(20);
    int length =
        switch (kind) {
          case 0 -> random.nextInt(4) == 0 ? POISON_BYTES : random.nextInt(600);
          case 19 -> random.nextInt(8) == 0 ? BROKEN_BYTES : random.nextInt(600);
          default -> random.nextInt(600);
        };
    Value value = kind < 4 && kind > 0 ? null : new Value(new byte[length], null, Value.NEVER);
    Version[] decidedOn = new Version[1];
    Condition condition =
        kind < 17
            ? Condition.NONE
            : current -> {
              decidedOn[0] = current.version();
              return current.value() != null;
            };
    known.deleting.addAndGet(value == null ? 1 : 0);
    Version version;
    try {
      version = cache.write(key, value, condition);
      known.written.put(version.value(), value == null ? -1 : length);
    } finally {
      known.deleting.addAndGet(value == null ? -1 : 0);
    }
    known.acknowledged.accumulateAndGet(version.value(), Math::max);
    writes.incrementAndGet();
    if (decidedOn[0] != null) {
      long seen = decidedOn[0].value();
      assertThat(known.written.keySet())
          .as("a write of %s between what was seen and what was decided on it", key)
          .noneMatch(other -> other > seen && other < version.value());
    }
  }

  private void watchTheBounds(EngineFixture cache) {
    while (!over.get()) {
      EngineStatistics now = cache.engine.statistics();
      assertThat(now.memory().bytes()).as("bytes").isBetween(0L, now.memory().maxBytes());
      assertThat(now.dirty().bytes())
          .as("dirty bytes")
          .isBetween(0L, now.dirty().maxBytes() + THREADS * LARGEST_ENTRY);
      assertThat(now.dirty().quarantinedBytes()).as("quarantined bytes").isBetween(0L, 1_500L);
      LockSupport.parkNanos(10_000);
    }
  }

  private static void assertEverythingArrived(EngineFixture cache, List<Known> known) {
    assertThat(cache.store.violations).isEmpty();
    for (int i = 0; i < known.size(); i++) {
      Key key = key("key-" + i);
      long last = known.get(i).acknowledged.get();
      assertThat(cache.store.newestVersion(key)).as("%s in the store", key).isEqualTo(last);
      if (last > 0) {
        int length = known.get(i).written.get(last);
        Value row = cache.store.row(key).value();
        assertThat(row == null ? -1 : row.bytes().length).isEqualTo(length);
        Value read = cache.read(key, false).what().value();
        assertThat(read == null ? -1 : read.bytes().length).isEqualTo(length);
      }
    }
    EngineStatistics end = cache.engine.statistics();
    assertThat(end.dirty().entries()).isZero();
    assertThat(end.dirty().bytes()).isZero();
    assertThat(end.dirty().quarantinedEntries()).isZero();
    assertThat(end.dirty().quarantinedBytes()).isZero();
    for (List<Write> batch : cache.store.commits) {
      assertThat(batch).hasSizeBetween(1, 7);
    }
  }
}
