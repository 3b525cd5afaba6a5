package io.weir.load.threshold;

import io.weir.load.result.LoadResult;
import io.weir.model.Excerpt;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition under which a run counts as failed, such as {@code p99>10ms} or {@code
 * throughput<1000}.
 */
public final class Threshold {

  private static final Pattern FORM = Pattern.compile("\\s*([a-z0-9.-]+)\\s*([<>])\\s*(\\S+)\\s*");

  private final String expression;
  private final Metric metric;
  private final boolean above;
  private final double limit;

  private Threshold(String expression, Metric metric, boolean above, double limit) {
    this.expression = expression;
    this.metric = metric;
    this.above = above;
    this.limit = limit;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static Threshold parse(String expression) {
    Matcher matcher = FORM.matcher(expression);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + Excerpt.of(expression)
              + "' is not FIGURE>VALUE or FIGURE<VALUE, such as p99>10ms; figures are "
              + Metric.NAMES);
    }
    String name = matcher.group(1);
    Metric metric = Metric.named(name);
    double limit = Metric.value(metric, name, matcher.group(3), expression);
    return new Threshold(
        expression.strip(), Objects.requireNonNull(metric), matcher.group(2).equals(">"), limit);
  }

  /**
   * Returns why a run has failed, in a sentence; null when it has not. A run that does not have the
   * figure has failed: a condition that cannot be looked at protects nobody.
   */
  public @Nullable String met(LoadResult result) {
    Double value = metric.of(result);
    if (value == null) {
      return expression + " cannot be judged: the run has no such figure";
    }
    boolean met = above ? value > limit : value < limit;
    return met ? expression + " is met: it was " + metric.format(value) : null;
  }

  @Override
  public String toString() {
    return expression;
  }
}
