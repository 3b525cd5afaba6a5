package io.weir.cache.kv;

/**
 * The numbers that the last flush in a database may have for what it answers to count. A lower one
 * says that it is behind. A higher one was given by a later leader than this member has heard of,
 * or after the database had gone back: what it lost by that may be what is asked for.
 *
 * @param from the lowest
 * @param to the highest; {@code Long.MAX_VALUE} where no bound is known
 */
public record FlushSpan(long from, long to) {

  /** Rejects what cannot be. */
  public FlushSpan {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no flush lies from " + from + " to " + to);
    }
  }

  /** From a number on. */
  public static FlushSpan from(long from) {
    return new FlushSpan(from, Long.MAX_VALUE);
  }

  /** Whether a number lies in it. */
  public boolean contains(long number) {
    return number >= from && number <= to;
  }
}
