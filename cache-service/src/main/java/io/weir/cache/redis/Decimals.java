package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decimal numbers as {@code INCRBYFLOAT} reads, adds and prints them: 17 digits after the point at
 * most, no exponent, no zeros at the end.
 *
 * <p>Redis computes in the 80 bits of an x86 processor. Here the sum is exact until it is printed,
 * and the range is the same, which also bounds how many digits a sum can have.
 */
final class Decimals {

  private static final Pattern FORM =
      Pattern.compile("[+-]?(?:(?:\\d++\\.?\\d*+|\\.\\d++)(?:[eE]([+-]?\\d++))?)");

  private static final Pattern INFINITY =
      Pattern.compile("[+-]?(?:inf|infinity)", Pattern.CASE_INSENSITIVE);

  /** Redis's own bound. */
  private static final int MOST_CHARACTERS = 5 * 1024 - 1;

  private static final int DIGITS = 17;

  /** The powers of ten of the largest number of 80 bits, and of the smallest. */
  private static final int HIGHEST = 4932;

  private static final int LOWEST = -4951;

  /** More digits than those of any exponent within that range. */
  private static final int EXPONENT_DIGITS = 9;

  private Decimals() {}

  /**
   * Adds two numbers, in print.
   *
   * @param value null for 0
   * @throws CommandRefusedException when one is none, or their sum is out of range
   */
  static byte[] sum(byte @Nullable [] value, byte[] increment) {
    BigDecimal one = value == null ? BigDecimal.ZERO : parse(value);
    BigDecimal other = parse(increment);
    if (one == null || other == null) {
      throw infinite();
    }
    BigDecimal sum = one.add(other);
    if (sum.signum() != 0 && power(sum) > HIGHEST) {
      throw infinite();
    }
    BigDecimal rounded = sum.setScale(DIGITS, RoundingMode.HALF_EVEN);
    return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString())
        .getBytes(US_ASCII);
  }

  private static CommandRefusedException infinite() {
    return new CommandRefusedException("ERR increment would produce NaN or Infinity");
  }

  /** Null for an infinite one. */
  private static @Nullable BigDecimal parse(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MOST_CHARACTERS) {
      throw invalid();
    }
    String text = new String(bytes, ISO_8859_1);
    if (INFINITY.matcher(text).matches()) {
      return null;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw invalid();
    }
    String exponent = form.group(1);
    if (exponent != null && exponent.length() > EXPONENT_DIGITS) {
      throw invalid();
    }
    BigDecimal number = new BigDecimal(text);
    if (number.signum() == 0) {
      return BigDecimal.ZERO; // Without its scale, which may be anything.
    }
    if (power(number) > HIGHEST || power(number) < LOWEST) {
      throw invalid();
    }
    return number;
  }

  /** The power of ten of a number's first digit. */
  private static long power(BigDecimal number) {
    return (long) number.precision() - number.scale() - 1;
  }

  private static CommandRefusedException invalid() {
    return new CommandRefusedException("ERR value is not a valid float");
  }
}
