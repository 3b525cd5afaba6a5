package io.weir.load.report;

import io.weir.load.result.Interval;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What happened when, as columns of equal length.
 *
 * @param at end of each interval, in seconds
 * @param throughput successful operations a second
 * @param operations the same by kind
 * @param errors failed operations a second
 * @param hitRatio null where nothing was read
 * @param response by percentile, in milliseconds; null where nothing succeeded
 * @param service likewise
 * @param lag longest of the generator, in milliseconds
 * @param cores that the generator used
 */
record Timeline(
    List<Double> at,
    List<Double> throughput,
    Map<String, List<Double>> operations,
    List<Double> errors,
    List<@Nullable Double> hitRatio,
    Map<String, List<@Nullable Double>> response,
    Map<String, List<@Nullable Double>> service,
    List<Double> lag,
    List<Double> cores) {

  private static final Map<String, Double> PERCENTILES = percentiles();

  static Timeline of(List<Interval> intervals) {
    Map<String, List<Double>> operations = new LinkedHashMap<>();
    for (String kind : kinds(intervals)) {
      operations.put(
          kind, column(intervals, each -> each.counts().getOrDefault(kind, 0L) / each.seconds()));
    }
    return new Timeline(
        column(intervals, Interval::atSeconds),
        column(intervals, each -> each.succeeded() / each.seconds()),
        operations,
        column(intervals, each -> each.errors() / each.seconds()),
        hitRatios(intervals),
        latencies(intervals, Interval::responseTimes),
        latencies(intervals, Interval::serviceTimes),
        column(intervals, Interval::maxLagMillis),
        column(intervals, Interval::cores));
  }

  private static Set<String> kinds(Collection<Interval> intervals) {
    Set<String> kinds = new LinkedHashSet<>();
    intervals.forEach(each -> kinds.addAll(each.counts().keySet()));
    return kinds;
  }

  private static List<Double> column(List<Interval> intervals, Function<Interval, Double> value) {
    return intervals.stream().map(value).map(Figures::rounded).toList();
  }

  private static List<@Nullable Double> hitRatios(List<Interval> intervals) {
    List<@Nullable Double> ratios = new ArrayList<>();
    intervals.forEach(each -> ratios.add(hitRatio(each)));
    return ratios;
  }

  private static @Nullable Double hitRatio(Interval interval) {
    long reads = interval.hits() + interval.misses();
    return reads == 0 ? null : Figures.rounded((double) interval.hits() / reads);
  }

  private static Map<String, List<@Nullable Double>> latencies(
      List<Interval> intervals, Function<Interval, Histogram> times) {
    List<Histogram> decoded = intervals.stream().map(times).toList();
    Map<String, List<@Nullable Double>> columns = new LinkedHashMap<>();
    PERCENTILES.forEach((name, percentile) -> {
      List<@Nullable Double> column = new ArrayList<>();
      for (Histogram nanos : decoded) {
        column.add(
            nanos.getTotalCount() == 0
                ? null
                : Figures.millis((double) nanos.getValueAtPercentile(percentile)));
      }
      columns.put(name, column);
    });
    return columns;
  }

  private static Map<String, Double> percentiles() {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", 50.0);
    percentiles.put("p95", 95.0);
    percentiles.put("p99", 99.0);
    percentiles.put("p99.9", 99.9);
    return percentiles;
  }
}
