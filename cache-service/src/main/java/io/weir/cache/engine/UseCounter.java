package io.weir.cache.engine;

import java.util.Comparator;
import java.util.List;

/**
 * Counts the uses of a stripe's entries, so that one that was parked finds its place again. Guarded
 * by the stripe's write lock.
 */
final class UseCounter {

  /** Half of what there are: more than can be counted between two looks at the count. */
  private static final int MANY_USES = 1 << 30;

  private int uses;

  /** Notes that an entry is used now. */
  void stamp(Entry entry) {
    entry.usedAt = uses++;
  }

  /** Whether {@link #renumber} is due, long before the count has no more numbers. */
  boolean isHigh() {
    return uses >= MANY_USES;
  }

  /** Counts anew from 0: all entries of the stripe, wherever they stand, keep their order. */
  void renumber(List<Entry> all) {
    all.sort(Comparator.comparingInt(entry -> entry.usedAt));
    uses = 0;
    for (Entry entry : all) {
      stamp(entry);
    }
  }
}
