package io.weir.cache.engine;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a stripe from the least to the most recently used. An entry is in one such list at
 * most. Guarded by the stripe's write lock.
 */
final class RecencyList {

  /** Half of what there are: more than can be counted between two looks at the count. */
  private static final int MANY_USES = 1 << 30;

  private @Nullable Entry coldest;
  private @Nullable Entry hottest;

  /**
   * The entry that was last put in by its use, or what was next to it. Entries come back from a
   * flush nearly in the order of their use, so the next one's place is close by.
   */
  private @Nullable Entry lastPlaced;

  /** Counts uses, so that a parked entry finds its place again. */
  private int uses;

  /** The least recently used entry. */
  @Nullable Entry coldest() {
    return coldest;
  }

  /** An entry is used now: it leaves its list, if it is in one, for the hot end of this. */
  void use(Entry entry) {
    leave(entry);
    entry.usedAt = uses++;
    addHottest(entry);
  }

  /** Whether {@link #renumber} is due, long before the count has no more numbers. */
  boolean isCountHigh() {
    return uses >= MANY_USES;
  }

  /** Counts anew from 0: all entries of the stripe, wherever they stand, keep their order. */
  void renumber(List<Entry> all) {
    all.sort(Comparator.comparingInt(entry -> entry.usedAt));
    uses = 0;
    for (Entry entry : all) {
      entry.usedAt = uses++;
    }
  }

  /** Puts an entry where another is, which leaves; in no list if that is in none. */
  static void replace(Entry entry, Entry replacement) {
    replacement.usedAt = entry.usedAt;
    RecencyList list = entry.list;
    if (list != null) {
      Entry below = entry.colder;
      Entry above = entry.hotter;
      list.remove(entry);
      list.insert(replacement, below, above);
    }
  }

  /** Removes an entry from the list that it is in, if it is in one. */
  static void leave(Entry entry) {
    if (entry.list != null) {
      entry.list.remove(entry);
    }
  }

  /** Puts an entry in that is in no list, and has just been used. */
  void addHottest(Entry entry) {
    insert(entry, hottest, null);
  }

  /** Puts an entry in that is in no list, where it stands by its last use. */
  void addByUse(Entry entry) {
    Entry below = lastPlaced;
    while (below != null && usedLater(below, entry)) {
      below = below.colder;
    }
    Entry above = below == null ? coldest : below.hotter;
    while (above != null && usedLater(entry, above)) {
      below = above;
      above = above.hotter;
    }
    insert(entry, below, above);
    lastPlaced = entry;
  }

  /** Removes an entry of this list. */
  void remove(Entry entry) {
    if (entry == lastPlaced) {
      lastPlaced = entry.colder;
    }
    if (entry.colder == null) {
      coldest = entry.hotter;
    } else {
      entry.colder.hotter = entry.hotter;
    }
    if (entry.hotter == null) {
      hottest = entry.colder;
    } else {
      entry.hotter.colder = entry.colder;
    }
    entry.colder = null;
    entry.hotter = null;
    entry.list = null;
  }

  private void insert(Entry entry, @Nullable Entry below, @Nullable Entry above) {
    entry.list = this;
    entry.colder = below;
    entry.hotter = above;
    if (below == null) {
      coldest = entry;
    } else {
      below.hotter = entry;
    }
    if (above == null) {
      hottest = entry;
    } else {
      above.colder = entry;
    }
  }

  private static boolean usedLater(Entry one, Entry other) {
    return one.usedAt > other.usedAt;
  }
}
