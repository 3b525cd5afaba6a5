package io.weir.model;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The forms in which people write a duration: {@code 500ms}, {@code 60s}, {@code 5m}, {@code 1h}.
 */
public final class Durations {

  /**
   * The longest life of an entry, a hundred years: longer than anybody means, and far from
   * overflowing a time in milliseconds.
   */
  public static final Duration LONGEST_LIFE = Duration.ofDays(36_500);

  /** Thirteen digits, which {@link #LONGEST_LIFE} has in milliseconds. */
  private static final Pattern FORM = Pattern.compile("(\\d{1,13})\\s*(us|ms|s|m|h|d)?");

  /** Characters; any duration is far shorter. */
  private static final int LONGEST = 64;

  private Durations() {}

  /**
   * Reads a whole number and a unit ({@code us ms s m h d}; none means seconds), or ISO-8601.
   *
   * @throws IllegalArgumentException when the text has another form or is negative
   */
  public static Duration parse(String text) {
    if (text.length() > LONGEST) {
      throw none(text);
    }
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    Matcher matcher = FORM.matcher(trimmed);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      String unit = matcher.group(2) == null ? "s" : matcher.group(2);
      return switch (unit) {
        case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1_000L));
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    try {
      Duration iso = Duration.parse(text.strip());
      if (!iso.isNegative()) {
        return iso;
      }
    } catch (DateTimeParseException e) {
      // Falls through to the one message that names the forms.
    }
    throw none(text);
  }

  private static IllegalArgumentException none(String text) {
    return new IllegalArgumentException(
        "'"
            + Excerpt.of(text)
            + "' is no duration; write a whole number and a unit, such as 500ms, 60s, 5m or 1h");
  }
}
