package io.weir.load.workload;

/**
 * A fixed permutation of the numbers 0 to n - 1 that looks random: it spreads the popular ranks
 * over the keys, and so over the slots and shards.
 *
 * <p>Unlike a hash modulo n it maps no two ranks to one key, so that the distribution stays exact.
 * Multiplying by an odd number and folding the high bits down are each invertible on b bits; where
 * the result is not below n it is permuted again ("cycle walking", Black and Rogaway, 2002), twice
 * on average at most.
 */
final class Scramble {

  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xBF58476D1CE4E5B9L;

  private final int count;
  private final long mask;
  private final int fold;

  Scramble(int count) {
    this.count = count;
    int bits = 32 - Integer.numberOfLeadingZeros(count - 1);
    this.mask = (1L << bits) - 1;
    this.fold = Math.max(1, (bits + 1) / 2);
  }

  /** Returns the number at a place, 0 to n - 1. */
  int at(int place) {
    long x = place;
    do {
      x = (x + 1) * FIRST & mask;
      x ^= x >>> fold;
      x = x * SECOND & mask;
      x ^= x >>> fold;
    } while (x >= count);
    return (int) x;
  }
}
