package io.weir.web;

import java.time.Duration;

/**
 * The bounds of settings. A value beyond them stops the start with a sentence that says which
 * setting it is, what it was and what is allowed.
 */
public final class Bounds {

  private static final Duration LONGEST = Duration.ofHours(24);

  private Bounds() {}

  /** Rejects a number below the least. */
  public static void atLeast(String name, long value, long least) {
    require(value >= least, name, value, "at least " + least);
  }

  /** Rejects a number outside a range. */
  public static void within(String name, long value, long least, long most) {
    require(value >= least && value <= most, name, value, least + " to " + most);
  }

  /**
   * Rejects a time below the least, or beyond a day. One that means "never" is a mistake: it cannot
   * be counted in nanoseconds, where all waits are, from 292 years on.
   */
  public static void time(String name, Duration value, Duration least) {
    require(
        value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0,
        name,
        value,
        least.toMillis() + "ms to 24h");
  }

  /**
   * Rejects a value for which a condition does not hold.
   *
   * @param name of the property, such as {@code weir.ttl.margin}
   * @param value as the sentence gives it; a duration is given in milliseconds
   * @param allowed what the value must be, such as {@code at least 100ms}
   * @throws IllegalArgumentException with the sentence
   */
  public static void require(boolean holds, String name, Object value, String allowed) {
    if (!holds) {
      Object shown = value instanceof Duration time ? time.toMillis() + "ms" : value;
      throw new IllegalArgumentException(name + " is " + shown + ", it must be " + allowed);
    }
  }
}
