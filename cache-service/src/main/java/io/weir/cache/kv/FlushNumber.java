package io.weir.cache.kv;

/**
 * The number that a leader gives a flush: one higher for each that it begins, also for those whose
 * outcome it never learns. The database keeps the number of the last one that was committed in it,
 * so that one which has gone back, or is another, is told by its number.
 *
 * @param acknowledged the last flush that the database has acknowledged; its number is not lower
 * @param number of this one; the database's is lower
 */
public record FlushNumber(long acknowledged, long number) {

  /** Rejects what cannot follow each other. */
  public FlushNumber {
    if (acknowledged < 0 || number <= acknowledged) {
      throw new IllegalArgumentException(
          "flush " + number + " does not come after flush " + acknowledged);
    }
  }
}
