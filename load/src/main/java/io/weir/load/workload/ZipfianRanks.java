package io.weir.load.workload;

import java.util.SplittableRandom;

/**
 * Zipf-distributed ranks for any exponent from 0 upwards, 1 included, in constant time and memory.
 *
 * <p>Rejection-inversion: W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates
 * from monotone discrete distributions", ACM TOMACS 6(3), 1996. {@code h(x) = x^-theta} is the
 * density's envelope, {@code H} its integral; a uniform number between {@code H(1.5) - 1} and
 * {@code H(n + 0.5)} is inverted through {@code H}, rounded, and rejected in the few cases in which
 * the rounding leaves the histogram.
 */
final class ZipfianRanks implements Ranks {

  private final int count;
  private final double theta;
  private final double lowest;
  private final double highest;
  private final double acceptance;

  /**
   * @param count number of ranks, at least 1
   * @param theta exponent, at least 0, which is the uniform distribution
   */
  ZipfianRanks(int count, double theta) {
    this.count = count;
    this.theta = theta;
    this.lowest = integral(1.5) - 1;
    this.highest = integral(count + 0.5);
    this.acceptance = 2 - inverse(integral(2.5) - density(2));
  }

  @Override
  public int next(SplittableRandom random) {
    while (true) {
      double u = highest + random.nextDouble() * (lowest - highest);
      double x = inverse(u);
      int k = Math.clamp((long) (x + 0.5), 1, count);
      if (k - x <= acceptance || u >= integral(k + 0.5) - density(k)) {
        return k - 1;
      }
    }
  }

  private double density(double x) {
    return Math.exp(-theta * Math.log(x));
  }

  /** H(x) = (x^(1-theta) - 1) / (1 - theta), and log(x) for theta = 1. */
  private double integral(double x) {
    double log = Math.log(x);
    return expm1OverX((1 - theta) * log) * log;
  }

  private double inverse(double h) {
    // Rounding may bring the argument of the logarithm just below its domain.
    double t = Math.max(-1, h * (1 - theta));
    return Math.exp(log1pOverX(t) * h);
  }

  /** log(1+x)/x, by its Taylor series where the quotient loses its digits. */
  private static double log1pOverX(double x) {
    return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x * (0.5 - x * (1.0 / 3 - x * 0.25));
  }

  /** (exp(x)-1)/x, likewise. */
  private static double expm1OverX(double x) {
    return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x * 0.5 * (1 + x / 3 * (1 + x * 0.25));
  }
}
