package io.weir.load.run;

import io.weir.load.result.Generator;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Judges whether the generator, and not the cluster, set the limit.
 *
 * <p>It did when an event loop hardly ever rested, or when it was itself late by an amount that
 * matters beside the latencies that it reports.
 */
final class SelfCheck {

  /** A loop that runs for more of the time has no reserve for the next burst. */
  private static final double BUSY = 0.9;

  /** Lateness below this is what any system has. */
  private static final double LATE_MILLIS = 1;

  /** Lateness above this share of the latencies distorts them. */
  private static final double LATE_SHARE = 0.25;

  /** A rate that is met to this share is met: the last second is seldom whole. */
  private static final double MET = 0.98;

  private SelfCheck() {}

  /**
   * Judges a run.
   *
   * @param lag how late the generator was, in nanoseconds
   * @param response times that it reports, likewise
   * @param perSecond successful operations
   * @param seconds that were measured
   */
  static Generator judge(
      CpuMeter.Usage cpu,
      Histogram lag,
      Histogram response,
      double perSecond,
      double seconds,
      Pace pace) {
    double p99 = lag.getValueAtPercentile(99) / 1e6;
    double max = lag.getMaxValue() / 1e6;
    double slowest = response.getValueAtPercentile(99) / 1e6;
    boolean busy = cpu.busiestLoop() > BUSY;
    boolean late = p99 > LATE_MILLIS && p99 > LATE_SHARE * slowest;
    return new Generator(
        cpu.cores(),
        cpu.busiestLoop(),
        cpu.threads(),
        p99,
        max,
        busy || late,
        verdict(cpu, busy, late, p99, slowest) + rate(pace, perSecond, seconds, busy || late));
  }

  private static String verdict(
      CpuMeter.Usage cpu, boolean busy, boolean late, double p99, double slowest) {
    double percent = cpu.busiestLoop() * 100;
    if (busy) {
      return String.format(
          Locale.ROOT,
          "The generator was the limit: its busiest event loop ran %.0f%% of the time. Add"
              + " --threads, or share the load among several processes.",
          percent);
    }
    if (late) {
      return String.format(
          Locale.ROOT,
          "The generator was late: by %.1f ms or more one time in a hundred, beside a p99 of %.1f"
              + " ms that it measured. It lacks processor time: give it cores of its own.",
          p99,
          slowest);
    }
    return String.format(
        Locale.ROOT,
        "The generator kept up: its busiest event loop ran %.0f%% of the time, and it was late by"
            + " less than %.1f ms 99 times of 100.",
        percent,
        Math.max(0.1, p99));
  }

  private static String rate(Pace pace, double perSecond, double seconds, boolean limited) {
    if (limited || !(pace instanceof Pace.Open open) || perSecond >= open.atLeast(MET, seconds)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        " The rate was not kept: %,.0f of %,.0f operations a second. The cluster was too slow for"
            + " it, or had too few --clients to answer at once.",
        perSecond,
        open.ratePerSecond());
  }
}
