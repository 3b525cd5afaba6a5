package io.weir.load.threshold;

import io.weir.load.result.LoadResult;
import io.weir.model.Excerpt;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a rate must keep to be good enough: a latency, such as {@code p99=5ms}, or a share of
 * failures, such as {@code errors=0.1%}.
 */
public final class Objective {

  private static final Pattern FORM = Pattern.compile("\\s*([a-z0-9.-]+)\\s*=\\s*(\\S+)\\s*");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)%");

  private final String expression;
  private final Metric metric;
  private final double limit;

  private Objective(String expression, Metric metric, double limit) {
    this.expression = expression;
    this.metric = metric;
    this.limit = limit;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static Objective parse(String expression) {
    Matcher matcher = FORM.matcher(expression);
    Metric metric = matcher.matches() ? Metric.named(matcher.group(1)) : null;
    if (metric == Metric.Count.ERRORS) {
      Matcher percent = PERCENT.matcher(matcher.group(2));
      if (percent.matches()) {
        return new Objective(
            expression.strip(), metric, Double.parseDouble(percent.group(1)) / 100);
      }
    }
    if (!(metric instanceof Metric.Latency)) {
      throw new IllegalArgumentException(
          "'"
              + Excerpt.of(expression)
              + "' is no objective: write a latency such as p99=5ms (p50, p95, p99.9,"
              + " max, mean, read.p99), or a share of failures such as errors=0.1%");
    }
    double limit = Metric.value(metric, matcher.group(1), matcher.group(2), expression);
    return new Objective(expression.strip(), metric, limit);
  }

  /** Whether it is of the share of failures. */
  public boolean isOfErrors() {
    return metric == Metric.Count.ERRORS;
  }

  /** Whether a run has kept it. One without any success has not. */
  public boolean isKept(LoadResult result) {
    return value(result) <= limit;
  }

  /** What a run has reached, such as "p99 3.20ms". */
  public String reached(LoadResult result) {
    String name = expression.substring(0, expression.indexOf('=')).strip();
    double value = value(result);
    if (metric == Metric.Count.ERRORS) {
      return String.format(Locale.ROOT, "%s %.3f%%", name, value * 100);
    }
    return name + " " + (Double.isNaN(value) ? "unknown" : metric.format(value));
  }

  private double value(LoadResult result) {
    if (metric == Metric.Count.ERRORS) {
      return (double) result.failed() / (result.failed() + result.succeeded());
    }
    return Objects.requireNonNullElse(metric.of(result), Double.NaN);
  }

  @Override
  public String toString() {
    return expression;
  }
}
