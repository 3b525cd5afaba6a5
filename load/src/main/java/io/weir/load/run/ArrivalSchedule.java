package io.weir.load.run;

import java.util.SplittableRandom;

/**
 * When the operations of one event loop are due. Computed one after the other, so that any number
 * of them may wait at no cost. Confined to its loop.
 */
final class ArrivalSchedule {

  private final double gapNanos;
  private final boolean poisson;
  private final SplittableRandom random;
  private long origin;
  private double offset; // Of the next one, from the origin; sums stay exact to the nanosecond.

  /**
   * @param gapNanos between two operations, on average
   */
  ArrivalSchedule(double gapNanos, Arrivals arrivals, SplittableRandom random) {
    this.gapNanos = gapNanos;
    this.poisson = arrivals == Arrivals.POISSON;
    this.random = random;
  }

  /**
   * Sets where the schedule begins.
   *
   * @param phase how far into the first gap the first operation is due, 0 to 1, so that the loops
   *     of a constant rate take turns
   */
  void startAt(long nanoTime, double phase) {
    origin = nanoTime;
    offset = poisson ? gap() : phase * gapNanos;
  }

  /** When the next operation is due, as a {@link System#nanoTime}. */
  long due() {
    return origin + (long) offset;
  }

  /** Takes the next operation off. */
  long take() {
    long due = due();
    offset += poisson ? gap() : gapNanos;
    return due;
  }

  /** Exponentially distributed, by inversion; 1 - [0, 1) is never 0. */
  private double gap() {
    return -Math.log(1 - random.nextDouble()) * gapNanos;
  }
}
