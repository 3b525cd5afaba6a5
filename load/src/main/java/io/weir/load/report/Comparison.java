package io.weir.load.report;

import com.fasterxml.jackson.annotation.JsonValue;
import io.weir.load.result.DatabaseResult;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Results of several loads side by side, the first being what the others are compared with.
 *
 * @param results at least two
 * @param names of the results, each a different one
 * @param rows the figures, in the order in which they are to be shown
 * @param differences settings that are not the same in all, with the value of each; null for none
 * @param warnings what makes a comparison doubtful, a sentence each
 */
public record Comparison(
    List<LoadResult> results,
    List<String> names,
    List<Row> rows,
    Map<String, List<@Nullable String>> differences,
    List<String> warnings) {

  /** Which way a figure is an improvement. */
  public enum Better {
    MORE,
    LESS,
    NEITHER;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One figure of all results.
   *
   * @param group what it belongs to
   * @param unit {@code ms}, {@code /s}, {@code share} (0 to 1), {@code count}, or "ratio"
   * @param values null where a result has none
   * @param ratios to the first value; null where either is missing, or the first is 0
   */
  public record Row(
      String group,
      String metric,
      String unit,
      Better better,
      List<@Nullable Double> values,
      List<@Nullable Double> ratios) {}

  /** Compares results, which bear the names. */
  public static Comparison of(List<LoadResult> results, List<String> names) {
    if (results.size() < 2 || results.size() != names.size()) {
      throw new IllegalArgumentException(
          "a comparison is of two results at least, each with a name, got " + names);
    }
    if (new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException("the names of results differ, got " + names);
    }
    return new Comparison(
        List.copyOf(results),
        List.copyOf(names),
        new Rows(results).all(),
        differences(results),
        warnings(results, names));
  }

  private static Map<String, List<@Nullable String>> differences(List<LoadResult> results) {
    Set<String> options = new LinkedHashSet<>();
    results.forEach(result -> options.addAll(result.settings().keySet()));
    Map<String, List<@Nullable String>> differences = new LinkedHashMap<>();
    for (String option : options) {
      List<@Nullable String> values = new ArrayList<>();
      results.forEach(result -> values.add(result.settings().get(option)));
      if (values.stream().anyMatch(value -> !Objects.equals(value, values.getFirst()))) {
        differences.put(option, Collections.unmodifiableList(values));
      }
    }
    return differences;
  }

  private static List<String> warnings(List<LoadResult> results, List<String> names) {
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      LoadResult result = results.get(i);
      if (result.generator().limited()) {
        warnings.add(names.get(i) + ": the generator was the limit");
      }
      if (result.failed() > 0) {
        warnings.add(names.get(i) + ": " + result.failed() + " operations failed");
      }
    }
    LoadResult first = results.getFirst();
    if (results.stream().anyMatch(each -> Math.abs(each.seconds() / first.seconds() - 1) > 0.1)) {
      warnings.add("they measured for different times, so that a cache is filled differently");
    }
    if (results.stream().anyMatch(each -> (each.target() == null) != (first.target() == null))) {
      warnings.add("open and closed loops are compared: their latencies mean different things");
    }
    if (results.stream()
        .anyMatch(each ->
            !each.environment().cpu().equals(first.environment().cpu())
                || each.environment().cores() != first.environment().cores())) {
      warnings.add("the generators ran on different machines");
    }
    return warnings;
  }

  /** Collects the rows. */
  private static final class Rows {

    private final List<LoadResult> results;
    private final List<Row> rows = new ArrayList<>();

    Rows(List<LoadResult> results) {
      this.results = results;
    }

    List<Row> all() {
      overall();
      Set<String> operations = new LinkedHashSet<>();
      results.forEach(each -> each.operations().forEach(one -> operations.add(one.operation())));
      if (operations.size() > 1) {
        operations.forEach(this::operation);
      }
      cache();
      errors();
      database();
      return List.copyOf(rows);
    }

    private void overall() {
      String group = "all operations";
      add(group, "throughput", "/s", Better.MORE, LoadResult::throughput);
      latencies(group, "", results.stream().map(LoadResult::responseTimes).toList());
      if (results.stream().anyMatch(each -> each.target() != null)) {
        latencies(group, "service ", results.stream().map(LoadResult::serviceTimes).toList());
      }
    }

    private void operation(String kind) {
      List<@Nullable OperationResult> found = new ArrayList<>();
      results.forEach(each -> found.add(find(each, kind)));
      List<@Nullable Double> perSecond = new ArrayList<>();
      List<@Nullable Histogram> times = new ArrayList<>();
      for (int i = 0; i < found.size(); i++) {
        OperationResult operation = found.get(i);
        perSecond.add(operation == null ? null : operation.count() / results.get(i).seconds());
        times.add(operation == null ? null : operation.responseTimes());
      }
      add(kind, "throughput", "/s", Better.MORE, perSecond);
      latencies(kind, "", times);
    }

    private static @Nullable OperationResult find(LoadResult result, String kind) {
      return result.operations().stream()
          .filter(each -> each.operation().equals(kind))
          .findFirst()
          .orElse(null);
    }

    private void latencies(String group, String prefix, List<? extends @Nullable Histogram> times) {
      List<@Nullable Latency> latencies = new ArrayList<>();
      for (Histogram each : times) {
        latencies.add(each == null ? null : Latency.of(each));
      }
      latency(group, prefix + "p50", latencies, Latency::p50);
      latency(group, prefix + "p95", latencies, Latency::p95);
      latency(group, prefix + "p99", latencies, Latency::p99);
      latency(group, prefix + "p99.9", latencies, Latency::p999);
      latency(group, prefix + "max", latencies, Latency::max);
    }

    private void latency(
        String group,
        String metric,
        List<@Nullable Latency> latencies,
        ToDoubleFunction<Latency> value) {
      List<@Nullable Double> values = new ArrayList<>();
      latencies.forEach(each -> values.add(each == null ? null : value.applyAsDouble(each)));
      add(group, metric, "ms", Better.LESS, values);
    }

    private void cache() {
      add("cache", "hit ratio", "share", Better.MORE, r -> r.reads().hitRatio());
      add(
          "cache",
          "reads without an entry",
          "/s",
          Better.NEITHER,
          r -> r.reads().absentReads() / r.seconds());
    }

    private void errors() {
      add("errors", "all", "share", Better.LESS, result -> share(result.failed(), result));
      Set<String> kinds = new LinkedHashSet<>();
      results.forEach(each -> kinds.addAll(each.errors().keySet()));
      for (String kind : kinds) {
        add("errors", kind, "share", Better.LESS, r -> share(r.errors().getOrDefault(kind, 0L), r));
      }
      if (results.stream().anyMatch(each -> each.verification() != null)) {
        add(
            "errors",
            "wrong reads",
            "count",
            Better.LESS,
            r -> r.verification() == null ? null : (double) r.verification().wrong());
      }
    }

    private void database() {
      if (results.stream().allMatch(each -> each.database() == null)) {
        return;
      }
      rate("writes taken", DatabaseResult::writes);
      rate("rows written", DatabaseResult::rows);
      rate("transactions", DatabaseResult::transactions);
      database("saved by coalescing", "share", Better.MORE, d -> aWrite(d.coalesced(), d));
      database("rows a write", "ratio", Better.LESS, d -> aWrite(d.rows(), d));
      database("transactions a write", "ratio", Better.LESS, d -> aWrite(d.transactions(), d));
      database("statements a write", "ratio", Better.LESS, Rows::statementsAWrite);
    }

    /** Counts are of no use beside each other where the times or the throughputs differ. */
    private static double aWrite(long count, DatabaseResult of) {
      return of.writes() == 0 ? Double.NaN : (double) count / of.writes();
    }

    private static double statementsAWrite(DatabaseResult of) {
      Long statements = of.statements();
      return statements == null ? Double.NaN : aWrite(statements, of);
    }

    /** Of all operations. */
    private static double share(long count, LoadResult of) {
      return (double) count / Math.max(1, of.succeeded() + of.failed());
    }

    private void rate(String metric, ToDoubleFunction<DatabaseResult> count) {
      add(
          "database",
          metric,
          "/s",
          Better.NEITHER,
          result -> {
            DatabaseResult database = result.database();
            return database == null ? null : count.applyAsDouble(database) / result.seconds();
          });
    }

    private void database(
        String metric, String unit, Better better, ToDoubleFunction<DatabaseResult> value) {
      add(
          "database",
          metric,
          unit,
          better,
          result -> {
            DatabaseResult database = result.database();
            return database == null ? null : value.applyAsDouble(database);
          });
    }

    private void add(
        String group,
        String metric,
        String unit,
        Better better,
        Function<LoadResult, @Nullable Double> value) {
      List<@Nullable Double> values = new ArrayList<>();
      results.forEach(each -> values.add(value.apply(each)));
      add(group, metric, unit, better, values);
    }

    private void add(
        String group, String metric, String unit, Better better, List<@Nullable Double> raw) {
      List<@Nullable Double> values = new ArrayList<>();
      raw.forEach(each -> values.add(each == null || each.isNaN() ? null : Figures.rounded(each)));
      Double first = values.getFirst();
      List<@Nullable Double> ratios = new ArrayList<>();
      for (Double value : values) {
        ratios.add(
            first == null || first == 0 || value == null ? null : Figures.rounded(value / first));
      }
      rows.add(
          new Row(
              group,
              metric,
              unit,
              better,
              Collections.unmodifiableList(values),
              Collections.unmodifiableList(ratios)));
    }
  }
}
