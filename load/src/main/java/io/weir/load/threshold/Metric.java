package io.weir.load.threshold;

import io.weir.load.result.HistogramText;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Verification;
import io.weir.model.Durations;
import io.weir.model.Excerpt;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a result, by the name that expressions have for it: {@code p99}, {@code read.p99},
 * {@code mean}, {@code throughput}, {@code errors}, {@code hit-ratio}, {@code stale} and so on.
 * Latencies are response times.
 */
sealed interface Metric {

  /** Names, for messages. */
  String NAMES =
      "p50, p90, p95, p99, p99.9 (any pN), max and mean, each also of one operation such as"
          + " read.p99; throughput, errors, hit-ratio, stale, corrupt, missing";

  /** The figure; null when the result does not have it. Latencies are in nanoseconds. */
  @Nullable Double of(LoadResult result);

  /** Reads a value to compare with, in this figure's unit; null when it is none. */
  @Nullable Double parse(String value);

  /** The figure with its unit. */
  String format(double value);

  /** Finds a figure; null when there is none of that name. */
  static @Nullable Metric named(String name) {
    Matcher latency = Latency.FORM.matcher(name);
    if (latency.matches()) {
      return Latency.of(latency.group(1), latency.group(2));
    }
    for (Count each : Count.values()) {
      if (each.toString().equals(name)) {
        return each;
      }
    }
    return null;
  }

  /**
   * A percentile, the maximum or the mean of response times.
   *
   * @param operation null for all together
   * @param percentile 100 is the maximum, negative the mean
   */
  record Latency(@Nullable String operation, double percentile) implements Metric {

    private static final Pattern FORM =
        Pattern.compile(
            "(?:(read|update|insert|delete|read-modify-write)\\.)?(max|mean|p\\d{1,2}(?:\\.\\d{1,4})?)");
    private static final double MAX = 100;
    private static final double MEAN = -1;

    private static Latency of(@Nullable String operation, String which) {
      return new Latency(
          operation,
          switch (which) {
            case "max" -> MAX;
            case "mean" -> MEAN;
            default -> Double.parseDouble(which.substring(1));
          });
    }

    @Override
    public @Nullable Double of(LoadResult result) {
      Histogram times =
          operation == null
              ? result.responseTimes()
              : HistogramText.sum(
                  result.operations().stream()
                      .filter(each -> each.operation().equals(operation))
                      .map(OperationResult::response)
                      .toList());
      if (times.getTotalCount() == 0) {
        return null;
      }
      return percentile < 0 ? times.getMean() : (double) times.getValueAtPercentile(percentile);
    }

    @Override
    public @Nullable Double parse(String value) {
      try {
        // A number without a unit would be seconds, which nobody means here.
        return Character.isDigit(value.charAt(value.length() - 1))
            ? null
            : (double) Durations.parse(value).toNanos();
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        return null;
      }
    }

    @Override
    public String format(double value) {
      Duration time = Duration.ofNanos(Math.round(value));
      return time.toNanos() < 1_000_000
          ? String.format(Locale.ROOT, "%.0fus", value / 1e3)
          : String.format(Locale.ROOT, "%.2fms", value / 1e6);
    }
  }

  /** Everything else. */
  enum Count implements Metric {
    THROUGHPUT,
    ERRORS,
    HIT_RATIO,
    STALE,
    CORRUPT,
    MISSING;

    @Override
    public @Nullable Double of(LoadResult result) {
      Verification verification = result.verification();
      return switch (this) {
        case THROUGHPUT -> result.throughput();
        case ERRORS -> (double) result.failed();
        case HIT_RATIO -> result.reads().hitRatio();
        case STALE -> verification == null ? null : (double) verification.staleReads();
        case CORRUPT -> verification == null ? null : (double) verification.corruptReads();
        case MISSING -> verification == null ? null : (double) verification.missingReads();
      };
    }

    @Override
    public @Nullable Double parse(String value) {
      boolean percent = value.endsWith("%");
      if (percent && this != HIT_RATIO) {
        return null;
      }
      try {
        double number =
            Double.parseDouble(percent ? value.substring(0, value.length() - 1) : value);
        return !Double.isFinite(number) ? null : (Double) (percent ? number / 100 : number);
      } catch (NumberFormatException e) {
        return null;
      }
    }

    @Override
    public String format(double value) {
      return switch (this) {
        case HIT_RATIO -> String.format(Locale.ROOT, "%.4f", value);
        case THROUGHPUT -> String.format(Locale.ROOT, "%.1f/s", value);
        case ERRORS, STALE, CORRUPT, MISSING -> String.format(Locale.ROOT, "%.0f", value);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Finds a figure and reads a value for it, or says in what way the expression is wrong. */
  static double value(@Nullable Metric metric, String name, String value, String expression) {
    if (metric == null) {
      throw new IllegalArgumentException(
          "'"
              + Excerpt.of(expression)
              + "': there is no figure '"
              + Excerpt.of(name)
              + "'; there are "
              + NAMES);
    }
    Double limit = metric.parse(value);
    if (limit == null) {
      throw new IllegalArgumentException(
          "'"
              + Excerpt.of(expression)
              + "': "
              + name
              + (metric instanceof Latency
                  ? " is compared with a time such as 500us or 10ms"
                  : metric == Count.HIT_RATIO
                      ? " is compared with a share such as 0.9 or 90%"
                      : " is compared with a number")
              + ", got '"
              + Excerpt.of(value)
              + "'");
    }
    return Objects.requireNonNull(limit);
  }
}
