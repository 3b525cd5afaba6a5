package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/**
 * Entries of a stripe from the least to the most recently used. An entry is in one such list at
 * most. Guarded by the stripe's write lock.
 */
final class RecencyList {

  private final UseCounter uses;

  /** Whether {@link #bytes} are asked for. */
  private final boolean weighs;

  private @Nullable Entry coldest;
  private @Nullable Entry hottest;

  /**
   * The entry that was last put in by its use, or what was next to it. Entries come back from a
   * flush nearly in the order of their use, so the next one's place is close by.
   */
  private @Nullable Entry lastPlaced;

  /** How many neighbours {@link #useInPlaceOf} has met. Nobody asks, so that the look is kept. */
  @SuppressWarnings("UnusedVariable")
  private int met;

  /** Sum of the entries' weights, as if all were clean. */
  private long bytes;

  /** Unweighed, with a count of its own. */
  RecencyList() {
    this(new UseCounter(), false);
  }

  /**
   * @param uses counts those of the stripe
   * @param weighs whether its {@link #bytes} are kept
   */
  RecencyList(UseCounter uses, boolean weighs) {
    this.uses = uses;
    this.weighs = weighs;
  }

  /** What its entries are counted with while they are clean; 0 if that is not kept. */
  long bytes() {
    return bytes;
  }

  /** Whether an entry is in this list. */
  boolean holds(Entry entry) {
    return entry.list == this;
  }

  /** The least recently used entry. */
  @Nullable Entry coldest() {
    return coldest;
  }

  /** The least recently used entry but one; null when there is no other. */
  @Nullable Entry coldestBut(@Nullable Entry spared) {
    return coldest != null && coldest == spared ? coldest.hotter : coldest;
  }

  /** The most recently used entry. */
  @Nullable Entry hottest() {
    return hottest;
  }

  /** An entry is used now: it leaves its list, if it is in one, for the hot end of this. */
  void use(Entry entry) {
    uses.stamp(entry);
    if (entry.list == this) {
      moveToHotEnd(entry);
    } else {
      leave(entry);
      addHottest(entry);
    }
  }

  /** As {@link #remove} and {@link #addHottest}, with no link written that stays or comes back. */
  private void moveToHotEnd(Entry entry) {
    Entry above = entry.hotter;
    if (above == null) {
      return;
    }
    Entry below = entry.colder;
    if (entry == lastPlaced) {
      lastPlaced = below;
    }
    above.colder = below;
    if (below == null) {
      coldest = above;
    } else {
      below.hotter = above;
    }
    Entry last = hottest;
    entry.hotter = null;
    entry.colder = last;
    if (last != null) { // As it is: the one above is in the list too.
      last.hotter = entry;
    }
    hottest = entry;
  }

  /**
   * Looks at what is linked with an entry, and changes nothing. The processor waits for all of it
   * at once, since no look depends on another. Where it is written, it would wait for one after the
   * other: a link from an old object to a young one ends with a fence.
   */
  private static int neighboursMet(Entry entry) {
    Entry below = entry.colder;
    Entry above = entry.hotter;
    Dirt dirt = entry.dirt;
    return (below != null && below.hotter == entry ? 1 : 0)
        + (above != null && above.colder == entry ? 1 : 0)
        + (dirt != null && dirt.entry == entry ? 1 : 0);
  }

  /** Removes an entry from the list that it is in, if it is in one. */
  static void leave(Entry entry) {
    if (entry.list != null) {
      entry.list.remove(entry);
    }
  }

  /**
   * An entry that is in no list takes another's place, which leaves its list if it is in one, and
   * is used now: it comes to the hot end of this. No link is written twice, for each that comes to
   * lead from an old object to a young one costs a barrier of the collector.
   */
  void useInPlaceOf(Entry old, Entry fresh) {
    met = neighboursMet(old);
    uses.stamp(fresh);
    leave(old);
    addHottest(fresh);
  }

  /** Puts an entry in that is in no list, as if it had not been used for longest. */
  void addColdest(Entry entry) {
    insert(entry, null, coldest);
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
    bytes -= weighs ? entry.cleanWeight() : 0;
  }

  private void insert(Entry entry, @Nullable Entry below, @Nullable Entry above) {
    bytes += weighs ? entry.cleanWeight() : 0;
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
