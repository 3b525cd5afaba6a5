package io.weir.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers below a bound, drawn by a distribution with a fixed seed. */
final class Draws {

  /** The skew of YCSB's zipfian distribution. */
  private static final double THETA = 0.99;

  private Draws() {}

  /** The k-th number's share is 1/k^0.99. */
  static int[] zipfian(int bound, int count) {
    double[] upTo = new double[bound];
    double sum = 0;
    for (int k = 0; k < bound; k++) {
      sum += 1 / Math.pow(k + 1, THETA);
      upTo[k] = sum;
    }
    SplittableRandom random = new SplittableRandom(2);
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int found = Arrays.binarySearch(upTo, random.nextDouble() * sum);
      drawn[i] = Math.min(bound - 1, found < 0 ? -found - 1 : found);
    }
    return drawn;
  }

  /** All alike. */
  static int[] uniform(int bound, int count) {
    SplittableRandom random = new SplittableRandom(3);
    return random.ints(count, 0, bound).toArray();
  }
}
