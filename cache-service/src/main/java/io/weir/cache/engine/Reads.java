package io.weir.cache.engine;

import io.weir.model.Key;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a stripe's entries, and their touches.
 *
 * <p><b>Concurrency.</b> By the {@link TableLock}, a read takes the stripe's read lock, or walks
 * the {@link Buckets} without and takes it only where its walk does not count. Neither holds a lock
 * when it records its touch, in a lossy buffer; whoever takes the write lock next applies the
 * touches first, in order. One thread alone never loses a touch: finding the buffer full it drains
 * it itself. So used by one thread the order is exact, and under contention readers never wait for
 * each other.
 */
final class Reads {

  private final ReentrantReadWriteLock lock;
  private final Buckets buckets;
  private final boolean optimistic;
  private final Consumer<Entry> touched;
  private final Runnable drained;
  private final TouchBuffer touches = new TouchBuffer();

  /** Reads that have drained the buffer. Guarded by the write lock, read under either. */
  private long drains;

  /** Reads whose touch was lost, of all stripes. */
  private final LongAdder untouched;

  /**
   * @param touched takes each entry that was read and has not left, under the write lock
   * @param drained is told when touches were applied, under it too
   * @param untouched counts the reads whose touch is lost
   */
  Reads(
      ReentrantReadWriteLock lock,
      Buckets buckets,
      TableLock kind,
      Consumer<Entry> touched,
      Runnable drained,
      LongAdder untouched) {
    this.lock = lock;
    this.buckets = buckets;
    this.optimistic = kind == TableLock.OPTIMISTIC;
    this.touched =
        entry -> {
          if (!entry.isGone()) {
            touched.accept(entry);
          }
        };
    this.drained = drained;
    this.untouched = untouched;
  }

  /** Reads a key, whose hash is given, and touches it. Takes what lock it needs itself. */
  @Nullable Entry read(Key key, int hash) {
    return touched(optimistic ? walk(key, hash) : findLocked(key, hash));
  }

  /** The same without waiting for a lock; null also where that would be needed. */
  @Nullable Entry tryRead(Key key, int hash) {
    if (optimistic) {
      int stamp = buckets.stamp();
      Entry entry = buckets.find(key, hash);
      if (buckets.isAsOf(stamp)) {
        return touched(entry);
      }
    }
    return touched(tryFindLocked(key, hash));
  }

  private @Nullable Entry tryFindLocked(Key key, int hash) {
    if (!lock.readLock().tryLock()) {
      return null;
    }
    try {
      return buckets.find(key, hash);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * The same under the read lock in any case: it comes before or after a change that is made under
   * the write lock, and whatever else is changed there, as a whole.
   */
  @Nullable Entry readLocked(Key key, int hash) {
    return touched(findLocked(key, hash));
  }

  private @Nullable Entry touched(@Nullable Entry entry) {
    if (entry != null && !touches.record(entry)) {
      touchAll(entry);
    }
    return entry;
  }

  private @Nullable Entry walk(Key key, int hash) {
    int stamp = buckets.stamp();
    Entry entry = buckets.find(key, hash);
    return buckets.isAsOf(stamp) ? entry : findLocked(key, hash);
  }

  private @Nullable Entry findLocked(Key key, int hash) {
    lock.readLock().lock();
    try {
      return buckets.find(key, hash);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Applies the touches that wait, and one that found no room among them. */
  private void touchAll(Entry last) {
    if (!lock.writeLock().tryLock()) {
      untouched.increment();
      return;
    }
    try {
      applyTouches();
      touched.accept(last);
      drains++;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Applies the touches that reads have recorded. Under the write lock. */
  void applyTouches() {
    touches.drain(touched);
    drained.run();
  }

  /** How many reads there were, but for those whose touch was lost. Under either lock. */
  long count() {
    return touches.recorded() + drains;
  }
}
