package io.weir.load.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latency against percentile, as HdrHistogram's plots have it: on an axis of nines, on which 90%,
 * 99% and 99.9% are equally far apart.
 *
 * @param nines places on that axis, ascending from 0: {@code -log10(1 - percentile / 100)}
 * @param lines one for each histogram
 */
record Curves(List<Double> nines, List<Line> lines) {

  private static final double STEP = 0.05;
  private static final double ROUNDING = 1e-6;

  /**
   * A curve.
   *
   * @param service whether it is of service times
   * @param millis at each place; null beyond the last value of its histogram
   */
  record Line(String name, boolean service, List<@Nullable Double> millis) {}

  /** A histogram of nanoseconds, and what it is of. */
  record Source(String name, boolean service, Histogram nanos) {}

  static Curves of(List<Source> sources) {
    int most = sources.stream().mapToInt(source -> steps(source.nanos())).max().orElse(-1);
    List<Double> nines = new ArrayList<>();
    for (int i = 0; i <= most; i++) {
      nines.add(Figures.rounded(i * STEP));
    }
    List<Line> lines = new ArrayList<>();
    for (Source source : sources) {
      List<@Nullable Double> millis = new ArrayList<>();
      int own = steps(source.nanos());
      for (int i = 0; i <= most; i++) {
        millis.add(i > own ? null : at(source.nanos(), i * STEP));
      }
      lines.add(new Line(source.name(), source.service(), millis));
    }
    return new Curves(nines, lines);
  }

  /** Steps until the first percentile at which only the highest value is left. */
  private static int steps(Histogram nanos) {
    return nanos.getTotalCount() == 0
        ? -1
        : (int) (Math.log10((double) nanos.getTotalCount()) / STEP + ROUNDING) + 1;
  }

  private static double at(Histogram nanos, double nines) {
    return Figures.millis((double) nanos.getValueAtPercentile(100 * (1 - Math.pow(10, -nines))));
  }
}
