package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/**
 * The entries of a stripe from the least to the most recently used. Guarded by the stripe's write
 * lock.
 */
final class RecencyList {

  private @Nullable Entry coldest;
  private @Nullable Entry hottest;

  /** The least recently used entry. */
  @Nullable Entry coldest() {
    return coldest;
  }

  /** Tells whether an entry of this stripe is listed; parked ones are not. */
  boolean contains(Entry entry) {
    return entry == coldest || entry.colder != null;
  }

  void addHottest(Entry entry) {
    entry.colder = hottest;
    entry.hotter = null;
    if (hottest == null) {
      coldest = entry;
    } else {
      hottest.hotter = entry;
    }
    hottest = entry;
  }

  void addColdest(Entry entry) {
    entry.hotter = coldest;
    entry.colder = null;
    if (coldest == null) {
      hottest = entry;
    } else {
      coldest.colder = entry;
    }
    coldest = entry;
  }

  /** Takes an entry out; does nothing when it is not listed. */
  void remove(Entry entry) {
    if (!contains(entry)) {
      return;
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
  }
}
