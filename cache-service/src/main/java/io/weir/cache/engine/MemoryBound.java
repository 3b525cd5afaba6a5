package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The bytes and the entries of the whole table, and the most of either. An entry is charged before
 * it is put in, so the bound holds at every moment, but for a recovery of more dirty data than it
 * allows. Safe for use by many threads.
 */
final class MemoryBound {

  private final long maxBytes;
  private final long maxEntries;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong entries = new AtomicLong();
  private final LongAdder evictions = new LongAdder();

  MemoryBound(long maxBytes, long maxEntries) {
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
  }

  /** Charges room, less than none for what shrinks; or changes nothing and returns false. */
  boolean tryCharge(long moreBytes, int moreEntries) {
    if (!tryAdd(bytes, moreBytes, maxBytes)) {
      return false;
    }
    if (!tryAdd(entries, moreEntries, maxEntries)) {
      bytes.addAndGet(-moreBytes);
      return false;
    }
    return true;
  }

  /** Charges room whether there is any or not. */
  void charge(long moreBytes, int moreEntries) {
    bytes.addAndGet(moreBytes);
    entries.addAndGet(moreEntries);
  }

  /** Gives back what was charged. */
  void release(long fewerBytes, int fewerEntries) {
    bytes.addAndGet(-fewerBytes);
    if (fewerEntries != 0) {
      entries.addAndGet(-fewerEntries);
    }
  }

  /** How many bytes are wanting for so many more. */
  long missing(long moreBytes) {
    return Math.max(0, bytes.get() + moreBytes - maxBytes);
  }

  /** Counts an eviction; what the entry was charged is released apart from it. */
  void evicted() {
    evictions.increment();
  }

  /** Whether more is charged than there is. */
  boolean isExceeded() {
    return bytes.get() > maxBytes || entries.get() > maxEntries;
  }

  long maxBytes() {
    return maxBytes;
  }

  MemoryStatistics statistics() {
    return new MemoryStatistics(entries.get(), bytes.get(), maxBytes, evictions.sum());
  }

  private static boolean tryAdd(AtomicLong counter, long more, long max) {
    if (more == 0) {
      return true;
    }
    for (; ; ) {
      long now = counter.get();
      if (more > 0 && now + more > max) {
        return false;
      }
      if (counter.compareAndSet(now, now + more)) {
        return true;
      }
    }
  }
}
