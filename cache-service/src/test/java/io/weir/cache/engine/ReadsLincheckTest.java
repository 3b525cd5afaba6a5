package io.weir.cache.engine;

import io.weir.model.Key;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What reads find is linearizable, under either lock, while entries are put in, replaced and
 * removed, and the buckets grow, from one on, or are rebuilt.
 */
class ReadsLincheckTest {

  private static final int KEYS = 5;
  private static final Key[] KEY = new Key[KEYS];
  private static final int[] HASH = new int[KEYS];

  static {
    for (int i = 0; i < KEYS; i++) {
      KEY[i] = Key.of("k" + i);
      HASH[i] = KEY[i].hashCode();
      Entry _ = Entry.of(KEY[i], null, 1);
    }
  }

  /** What is called from several threads. */
  @Param(name = "key", gen = IntGen.class, conf = "0:4")
  @Param(name = "version", gen = IntGen.class, conf = "1:9")
  public abstract static class Table {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Buckets buckets = new Buckets(1);
    private final RecencyList recency = new RecencyList();
    private final Reads reads;

    protected Table(TableLock kind) {
      reads = new Reads(lock, buckets, kind, recency::use, () -> {}, new LongAdder());
    }

    @Operation
    public int get(@Param(name = "key") int key) {
      Entry found = reads.read(KEY[key], HASH[key]);
      return found == null ? 0 : (int) found.version;
    }

    @Operation
    public void put(@Param(name = "key") int key, @Param(name = "version") int version) {
      lock.writeLock().lock();
      try {
        reads.applyTouches();
        Entry old = buckets.find(KEY[key], HASH[key]);
        Entry entry = Entry.of(KEY[key], null, version);
        if (old == null) {
          buckets.add(entry, HASH[key]);
          recency.use(entry);
        } else {
          recency.useInPlaceOf(old, entry);
          entry.succeed(old);
          buckets.replace(old, entry, HASH[key]);
        }
      } finally {
        lock.writeLock().unlock();
      }
    }

    @Operation
    public void remove(@Param(name = "key") int key) {
      lock.writeLock().lock();
      try {
        reads.applyTouches();
        Entry old = buckets.find(KEY[key], HASH[key]);
        if (old != null) {
          buckets.remove(old);
          RecencyList.leave(old);
          old.gone();
        }
      } finally {
        lock.writeLock().unlock();
      }
    }

    /** As a snapshot is installed: two keys are in it, and are seen together. */
    @Operation
    public void replaceAll(@Param(name = "version") int version) {
      lock.writeLock().lock();
      try {
        reads.applyTouches();
        buckets.beginRebuild();
        buckets.forEach(entry -> {
          RecencyList.leave(entry);
          entry.gone();
        });
        buckets.clear();
        for (int key = 0; key < 2; key++) {
          Entry entry = Entry.of(KEY[key], null, version);
          buckets.add(entry, HASH[key]);
          recency.use(entry);
        }
        buckets.endRebuild();
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  /** Whose reads take no lock. */
  public static final class Optimistic extends Table {
    public Optimistic() {
      super(TableLock.OPTIMISTIC);
    }
  }

  /** Whose reads take the read lock. */
  public static final class ReadWrite extends Table {
    public ReadWrite() {
      super(TableLock.READ_WRITE);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Optimistic.class, ReadWrite.class})
  void areLinearizableUnderEveryInterleavingTried(Class<?> reads) {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(300)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(3)
        .actorsAfter(1)
        .sequentialSpecification(SequentialMap.class)
        .check(reads);
  }

  @ParameterizedTest
  @ValueSource(classes = {Optimistic.class, ReadWrite.class})
  void areLinearizableUnderStress(Class<?> reads) {
    new StressOptions()
        .iterations(20)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(3)
        .actorsAfter(2)
        .sequentialSpecification(SequentialMap.class)
        .check(reads);
  }

  /** What they are taken for. */
  public static final class SequentialMap {
    private final int[] versions = new int[KEYS];

    public int get(int key) {
      return versions[key];
    }

    public void put(int key, int version) {
      versions[key] = version;
    }

    public void remove(int key) {
      versions[key] = 0;
    }

    public void replaceAll(int version) {
      Arrays.fill(versions, 0);
      versions[0] = version;
      versions[1] = version;
    }
  }
}
