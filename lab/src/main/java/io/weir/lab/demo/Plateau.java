package io.weir.lab.demo;

/**
 * Tells when a throughput has stopped growing: for five windows in a row, of two seconds each, none
 * was more than a tenth above the best one before. A rule about how near windows are to each other
 * would be met by chance while it still grows, and never on a machine that others use too; what
 * disturbs a window makes it lower, and is passed over by this one.
 */
final class Plateau {

  /** The rule, as a report says it. */
  static final String RULE = "five windows of 2 s in a row were at most 10 % above the best before";

  private static final double WINDOW_SECONDS = 2;
  private static final int WINDOWS = 5;
  private static final double GROWTH = 1.1;

  private double best;
  private int sinceBest; // Windows in a row that were not above it.
  private double seconds; // Of the window that has begun.
  private double operations;

  /** Adds what was done in a stretch of time; short ones make up a window together. */
  void add(double took, double done) {
    seconds += took;
    operations += done;
    // An interval is as long as a busy machine lets it be: nearly a window is one.
    if (seconds < WINDOW_SECONDS * 0.95) {
      return;
    }
    double rate = operations / seconds;
    sinceBest = rate > best * GROWTH ? 0 : sinceBest + 1;
    best = Math.max(best, rate);
    seconds = 0;
    operations = 0;
  }

  /** Whether it is flat now. Where nothing is done, nothing has warmed up. */
  boolean isFlat() {
    return best > 0 && sinceBest >= WINDOWS;
  }
}
