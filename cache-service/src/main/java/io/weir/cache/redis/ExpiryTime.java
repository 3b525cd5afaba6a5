package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import java.time.Clock;

/**
 * A time that a command gives for a value to expire.
 *
 * @param unitMillis of its number
 * @param relative whether the number counts from now on
 */
record ExpiryTime(long unitMillis, boolean relative) {

  static final ExpiryTime SECONDS = new ExpiryTime(1000, true);
  static final ExpiryTime MILLISECONDS = new ExpiryTime(1, true);
  static final ExpiryTime AT_SECONDS = new ExpiryTime(1000, false);
  static final ExpiryTime AT_MILLISECONDS = new ExpiryTime(1, false);

  /** The latest; what is later still never comes either. */
  private static final long LATEST = Value.NEVER - 1;

  /**
   * The time that a number means, in milliseconds since the epoch: before now, perhaps.
   *
   * @throws CommandRefusedException when it is no number, or too large
   */
  long of(byte[] number, Clock clock, String command) {
    long time = Numbers.parse(number);
    try {
      time = Math.multiplyExact(time, unitMillis);
      if (relative) {
        time = Math.addExact(time, clock.millis());
      }
    } catch (ArithmeticException e) {
      throw invalid(command);
    }
    return Math.min(time, LATEST);
  }

  /**
   * The same for a command that takes numbers above 0 alone.
   *
   * @throws CommandRefusedException when it is none of those
   */
  long ofPositive(byte[] number, Clock clock, String command) {
    if (Numbers.parse(number) <= 0) {
      throw invalid(command);
    }
    return of(number, clock, command);
  }

  private static CommandRefusedException invalid(String command) {
    return new CommandRefusedException("ERR invalid expire time in '" + command + "' command");
  }
}
