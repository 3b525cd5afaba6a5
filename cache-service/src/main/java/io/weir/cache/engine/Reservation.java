package io.weir.cache.engine;

/**
 * What a write holds of the dirty budget until its outcome is known. One thread's own, and then
 * that of the journal's answer.
 */
final class Reservation {

  private final DirtyBudget budget;

  /** What it was made for: the bytes of whole entries, and their number. */
  private final long weight;

  private final int writes;

  private long bytes;
  private int entries;

  /**
   * @param weight of the entries that are written
   * @param bytes that are held for them; fewer where they replace dirty ones
   */
  Reservation(DirtyBudget budget, long weight, int writes, long bytes, int entries) {
    this.budget = budget;
    this.weight = weight;
    this.writes = writes;
    this.bytes = bytes;
    this.entries = entries;
  }

  /** Whether it does for so much, too. */
  boolean isEnoughFor(long otherWeight, int otherWrites) {
    return otherWeight <= weight && otherWrites <= writes;
  }

  /** Holds all that one entry does, from here on, whether there is room or not. */
  void holdEntry(long of) {
    if (bytes < of || entries == 0) {
      budget.charge(of - bytes, 1 - entries);
    } else {
      budget.release(bytes - of, entries - 1);
    }
    bytes = of;
    entries = 1;
  }

  /** Gives back what it holds; once. */
  void release() {
    budget.release(bytes, entries);
  }
}
