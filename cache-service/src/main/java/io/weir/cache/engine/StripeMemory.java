package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of a stripe's entries, which are charged to the whole table's bound. Changed under the
 * stripe's write lock, read without.
 */
final class StripeMemory {

  /** What is more than this part of a stripe makes its room in all of them. */
  static final int SMALL_SHARE = 8;

  private final MemoryBound all;

  /** Equal share of the memory for each stripe; 0 means that it always evicts its own entries. */
  private final long share;

  private final AtomicLong bytes = new AtomicLong();

  StripeMemory(MemoryBound all, long share) {
    this.all = all;
    this.share = share;
  }

  long bytes() {
    return bytes.get();
  }

  /** Charges room, less than none for what shrinks; or changes nothing and returns false. */
  boolean tryCharge(int moreBytes, int moreEntries) {
    boolean charged = all.tryCharge(moreBytes, moreEntries);
    if (charged) {
      add(moreBytes);
    }
    return charged;
  }

  /** Charges room whether there is any or not. */
  void charge(int moreBytes, int moreEntries) {
    all.charge(moreBytes, moreEntries);
    add(moreBytes);
  }

  /** Gives back what was charged. */
  void release(long fewerBytes, int fewerEntries) {
    add(-fewerBytes);
    all.release(fewerBytes, fewerEntries);
  }

  /** Counts an eviction; what the entry was charged is released apart from it. */
  void evicted() {
    all.evicted();
  }

  /** Whether more is charged to the whole table than there is. */
  boolean isExceeded() {
    return all.isExceeded();
  }

  /**
   * Whether room for so many bytes is to be made by all stripes: this one has less than its share,
   * or would lose much of it, hot entries too, to one large value.
   */
  boolean isOfAll(int more) {
    boolean large = share > 0 && (long) more * SMALL_SHARE > share;
    return large || bytes.get() + more < share;
  }

  /** By the one thread that has the lock; a plain sum and one store. */
  private void add(long more) {
    bytes.setRelease(bytes.getPlain() + more);
  }
}
