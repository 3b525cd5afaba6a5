package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.OptionalLong;

/**
 * Whole numbers as Redis reads them: a 64-bit number in the one form that it is printed in, without
 * blanks, a plus sign, or zeros in front.
 */
final class Numbers {

  /** As long as the longest number of 64 bits. */
  private static final int MOST_CHARACTERS = 20;

  private static final int BASE = 10;

  private Numbers() {}

  /**
   * Reads a number.
   *
   * @throws CommandRefusedException when it is none
   */
  static long parse(byte[] text) {
    return parse(text, "value is not an integer or out of range");
  }

  /**
   * Reads a number.
   *
   * @param otherwise what the error says
   */
  static long parse(byte[] text, String otherwise) {
    return tryParse(text).orElseThrow(() -> new CommandRefusedException("ERR " + otherwise));
  }

  /** Empty when the text is no number, or none of 64 bits. */
  static OptionalLong tryParse(byte[] text) {
    int length = text.length;
    if (length == 0 || length > MOST_CHARACTERS) {
      return OptionalLong.empty();
    }
    if (length == 1 && text[0] == '0') {
      return OptionalLong.of(0);
    }
    boolean negative = text[0] == '-';
    int at = negative ? 1 : 0;
    if (at == length || text[at] == '0') {
      return OptionalLong.empty();
    }
    long value = 0; // The negative of what was read: there is one number more below 0 than above.
    for (; at < length; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit >= BASE || value < Long.MIN_VALUE / BASE) {
        return OptionalLong.empty();
      }
      value *= BASE;
      if (value < Long.MIN_VALUE + digit) {
        return OptionalLong.empty();
      }
      value -= digit;
    }
    if (negative) {
      return OptionalLong.of(value);
    }
    return value == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(-value);
  }

  /**
   * Adds.
   *
   * @throws CommandRefusedException when the sum is no number of 64 bits
   */
  static long sum(long value, long increment) {
    long sum = value + increment;
    if (((value ^ sum) & (increment ^ sum)) < 0) {
      throw new CommandRefusedException("ERR increment or decrement would overflow");
    }
    return sum;
  }

  static byte[] print(long value) {
    return Long.toString(value).getBytes(US_ASCII);
  }
}
