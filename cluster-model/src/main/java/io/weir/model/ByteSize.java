package io.weir.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, with the units that people write.
 *
 * @param bytes how many, not negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([A-Za-z]*)");

  /** Characters; any size is far shorter. */
  private static final int LONGEST = 64;

  /** Rejects a negative size. */
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is not negative, got " + bytes + " bytes");
    }
  }

  public static ByteSize ofKiB(long kib) {
    return new ByteSize(Math.multiplyExact(kib, 1L << 10));
  }

  public static ByteSize ofMiB(long mib) {
    return new ByteSize(Math.multiplyExact(mib, 1L << 20));
  }

  /**
   * Reads {@code 512}, {@code 512B}, {@code 8KiB}, {@code 8MiB}, {@code 2GiB}, {@code 1TiB}; {@code
   * KB}, {@code MB}, {@code GB} and {@code TB} are powers of 1,000.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (text.length() <= LONGEST && matcher.matches()) {
      long unit = unit(matcher.group(2).toLowerCase(Locale.ROOT));
      if (unit > 0) {
        try {
          return new ByteSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (NumberFormatException | ArithmeticException e) {
          throw new IllegalArgumentException("'" + text + "' is more bytes than fit 63 bits", e);
        }
      }
    }
    throw new IllegalArgumentException(
        "'"
            + Excerpt.of(text)
            + "' is no size; write a whole number and a unit, such as 512B, 64KiB, 8MiB or 2GiB");
  }

  private static long unit(String name) {
    return switch (name) {
      case "", "b" -> 1;
      case "k", "kib" -> 1L << 10;
      case "m", "mib" -> 1L << 20;
      case "g", "gib" -> 1L << 30;
      case "t", "tib" -> 1L << 40;
      case "kb" -> 1_000;
      case "mb" -> 1_000_000;
      case "gb" -> 1_000_000_000;
      case "tb" -> 1_000_000_000_000L;
      default -> 0;
    };
  }

  /** The bytes as an {@code int}, for array lengths. */
  public int toIntExact() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The largest binary unit that gives a whole number, such as {@code 8MiB}. */
  @Override
  public String toString() {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    long number = bytes;
    int unit = 0;
    while (number != 0 && number % 1024 == 0 && unit < units.length - 1) {
      number /= 1024;
      unit++;
    }
    return number + units[unit];
  }
}
