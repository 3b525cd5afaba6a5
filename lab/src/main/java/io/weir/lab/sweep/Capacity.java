package io.weir.lab.sweep;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;

/**
 * A size of the cache as a share of the keys.
 *
 * @param share above 0, at most 1
 */
public record Capacity(@JsonValue double share) implements Comparable<Capacity> {

  private static final BigDecimal HUNDRED = new BigDecimal(100);

  /** Rejects what is no share. */
  public Capacity {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "--capacity takes shares of the keys, above 0% and at most 100%, got " + percent(share));
    }
  }

  /** Reads {@code 10%} or {@code 0.1}. */
  public static Capacity parse(String text) {
    boolean percent = text.endsWith("%");
    try {
      BigDecimal number =
          new BigDecimal((percent ? text.substring(0, text.length() - 1) : text).strip());
      return new Capacity((percent ? number.divide(HUNDRED) : number).doubleValue());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--capacity takes shares of the keys, such as 10% or 0.1, got '" + text + "'", e);
    }
  }

  /** How many of the keys that is, at least one. */
  int entries(int keys) {
    return (int) Math.max(1, Math.round(share * keys));
  }

  @Override
  public int compareTo(Capacity other) {
    return Double.compare(share, other.share);
  }

  /** In percent. */
  @Override
  public String toString() {
    return percent(share);
  }

  private static String percent(double share) {
    return Double.isFinite(share)
        ? BigDecimal.valueOf(share).multiply(HUNDRED).stripTrailingZeros().toPlainString() + "%"
        : Double.toString(share);
  }
}
