package io.weir.load.run;

import java.time.Duration;

/** When operations begin. */
public sealed interface Pace {

  /** Each client at once after its last answer. */
  Pace UNBRIDLED = new Closed(Duration.ZERO);

  /**
   * A closed loop: a client begins when its last operation has ended.
   *
   * @param thinkTime that it waits before
   */
  record Closed(Duration thinkTime) implements Pace {
    public Closed {
      if (thinkTime.isNegative()) {
        throw new IllegalArgumentException("--think-time is not negative, got " + thinkTime);
      }
    }
  }

  /**
   * An open loop: operations are due by a schedule that no answer delays; they take the client that
   * is free, or wait for one.
   *
   * @param ratePerSecond operations a second, all clients together
   */
  record Open(double ratePerSecond, Arrivals arrivals) implements Pace {
    private static final double MOST = 10_000_000;
    private static final double LEAST = 0.01;

    public Open {
      if (!(ratePerSecond >= LEAST && ratePerSecond <= MOST)) {
        throw new IllegalArgumentException(
            "--rate is " + LEAST + " to " + (long) MOST + " a second, got " + ratePerSecond);
      }
    }

    /**
     * What a run reaches at least that has kept the rate to a share: as many operations a second.
     * Poisson arrivals are sometimes fewer, by chance: three standard deviations are allowed for.
     *
     * @param seconds that it took
     */
    public double atLeast(double share, double seconds) {
      double fewer =
          arrivals == Arrivals.POISSON ? 3 * Math.sqrt(ratePerSecond / Math.max(1, seconds)) : 0;
      return share * ratePerSecond - fewer;
    }
  }
}
