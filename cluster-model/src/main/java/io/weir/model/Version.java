package io.weir.model;

/**
 * The version of a write: one 63-bit number that only grows over the life of a shard.
 *
 * <p>From the high end: 15 bits of generation (how often the shard's group was founded anew), 20
 * bits of epoch (how often a leader took over, or a counter ran out, within the generation) and 28
 * bits of counter (writes within the epoch). It is the {@code ETag} of an entry and the {@code
 * version} column of its row.
 *
 * @param value the number; 0 means "no write", the version of a key that has no row
 */
public record Version(long value) implements Comparable<Version> {

  /** The version of a key that was never written. */
  public static final Version NONE = new Version(0);

  public static final int COUNTER_BITS = 28;
  public static final int EPOCH_BITS = 20;
  public static final int GENERATION_BITS = 15;

  /** The largest generation that a version can carry. */
  public static final long MAX_GENERATION = (1L << GENERATION_BITS) - 1;

  /** Rejects a negative number. */
  public Version {
    if (value < 0) {
      throw new IllegalArgumentException("a version is not negative, got " + value);
    }
  }

  /**
   * Returns the version just before the first write of an epoch.
   *
   * @throws IllegalArgumentException when a part does not fit its width
   */
  public static Version startOf(long generation, long epoch) {
    if (generation < 0 || generation > MAX_GENERATION) {
      throw new IllegalArgumentException(
          "a generation is 0 to " + MAX_GENERATION + ", got " + generation);
    }
    if (epoch < 0 || epoch >= 1L << EPOCH_BITS) {
      throw new IllegalArgumentException(
          "an epoch is 0 to " + ((1L << EPOCH_BITS) - 1) + ", got " + epoch);
    }
    return new Version((generation << (EPOCH_BITS + COUNTER_BITS)) | (epoch << COUNTER_BITS));
  }

  /** The generation part. */
  public long generation() {
    return value >>> (EPOCH_BITS + COUNTER_BITS);
  }

  /** The epoch part. */
  public long epoch() {
    return (value >>> COUNTER_BITS) & ((1L << EPOCH_BITS) - 1);
  }

  /** Tells whether this version is newer than another. */
  public boolean isNewerThan(Version other) {
    return value > other.value;
  }

  /** The strong entity tag of RFC 9110, quotes included. */
  public String toEntityTag() {
    return "\"" + value + "\"";
  }

  @Override
  public int compareTo(Version other) {
    return Long.compare(value, other.value);
  }

  /** The decimal number. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
