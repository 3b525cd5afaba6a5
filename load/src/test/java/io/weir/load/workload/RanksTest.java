package io.weir.load.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RanksTest {

  private static final long SEED = 42;
  private static final int DRAWS = 1_000_000;

  /**
   * Pearson's chi-squared test over 100 ranks, so 99 degrees of freedom: a right sampler exceeds
   * 160.1 with a probability of 1 in 10,000 (and the fixed seed makes it the same answer always).
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.99, 1, 1.2, 2})
  void zipfianRanksFollowTheirLaw(double theta) {
    int count = 100;
    long[] seen = new long[count];
    ZipfianRanks ranks = new ZipfianRanks(count, theta);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < DRAWS; i++) {
      seen[ranks.next(random)]++;
    }
    double sum = 0;
    for (int k = 1; k <= count; k++) {
      sum += Math.pow(k, -theta);
    }
    double chiSquared = 0;
    for (int k = 1; k <= count; k++) {
      double expected = DRAWS * Math.pow(k, -theta) / sum;
      chiSquared += Math.pow(seen[k - 1] - expected, 2) / expected;
    }
    assertThat(chiSquared).as("chi-squared, seed %d", SEED).isLessThan(160.1);
  }

  /**
   * The head of a large space: the most popular key within 2 %, more than 4 standard deviations.
   */
  @Test
  void theHeadOfMillionsOfKeysHasItsShare() {
    int count = 5_000_000;
    double sum = 0;
    for (int k = 1; k <= count; k++) {
      sum += Math.pow(k, -0.99);
    }
    ZipfianRanks ranks = new ZipfianRanks(count, 0.99);
    SplittableRandom random = new SplittableRandom(SEED);
    int first = 0;
    for (int i = 0; i < DRAWS; i++) {
      if (ranks.next(random) == 0) {
        first++;
      }
    }
    assertThat(first / (DRAWS / sum)).isBetween(0.98, 1.02);
  }

  @Test
  void oneKeyIsAlwaysTheFirst() {
    ZipfianRanks ranks = new ZipfianRanks(1, 1.5);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 1_000; i++) {
      assertThat(ranks.next(random)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 65, 1_000, 100_000})
  void theScrambleIsAPermutation(int count) {
    Scramble scramble = new Scramble(count);
    BitSet seen = new BitSet(count);
    for (int i = 0; i < count; i++) {
      seen.set(scramble.at(i));
    }
    assertThat(seen.cardinality()).isEqualTo(count);
    assertThat(seen.length()).isEqualTo(count);
  }

  /**
   * 1,000 popular ranks over 10 parts of the keys: each part gets 100, give or take 40 (4 sigma).
   */
  @Test
  void theScrambleSpreadsThePopularRanks() {
    Scramble scramble = new Scramble(100_000);
    int[] parts = new int[10];
    for (int i = 0; i < 1_000; i++) {
      parts[scramble.at(i) / 10_000]++;
    }
    for (int part : parts) {
      assertThat(part).isBetween(60, 140);
    }
  }
}
