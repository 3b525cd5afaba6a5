package io.weir.load.report;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a report says of a histogram, in milliseconds. */
record Latency(
    double mean,
    double p50,
    double p90,
    double p95,
    double p99,
    double p999,
    double p9999,
    double max) {

  /** Null for an empty histogram. */
  static @Nullable Latency of(Histogram nanos) {
    if (nanos.getTotalCount() == 0) {
      return null;
    }
    return new Latency(
        Figures.millis(nanos.getMean()),
        at(nanos, 50),
        at(nanos, 90),
        at(nanos, 95),
        at(nanos, 99),
        at(nanos, 99.9),
        at(nanos, 99.99),
        Figures.millis((double) nanos.getMaxValue()));
  }

  private static double at(Histogram nanos, double percentile) {
    return Figures.millis((double) nanos.getValueAtPercentile(percentile));
  }
}
