package io.weir.cache.redis;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Parts of values as Redis counts them: from 0, or back from the end with -1 for the last. */
final class Ranges {

  private static final byte[] NOTHING = {};

  private Ranges() {}

  /**
   * A part of something, both ends included.
   *
   * @param last less than {@code first} when there is nothing in it
   */
  record Range(long first, long last) {

    static final Range EMPTY = new Range(0, -1);

    /** The part that two numbers mean of something that has a length. */
    static Range of(long first, long last, long length) {
      if (first < 0 && last < 0 && first > last) {
        return EMPTY;
      }
      long from = Math.max(0, first < 0 ? length + first : first);
      long to = Math.min(length - 1, Math.max(0, last < 0 ? length + last : last));
      return from > to ? EMPTY : new Range(from, to);
    }

    boolean isEmpty() {
      return first > last;
    }
  }

  static byte[] part(byte[] bytes, long first, long last) {
    Range range = Range.of(first, last, bytes.length);
    return range.isEmpty()
        ? NOTHING
        : Arrays.copyOfRange(bytes, (int) range.first(), (int) range.last() + 1);
  }

  /** Returns the bytes with others from an offset on, and zeros where there were none. */
  static byte[] overwritten(byte @Nullable [] bytes, int offset, byte[] others) {
    byte[] changed = grown(bytes, offset + others.length);
    System.arraycopy(others, 0, changed, offset, others.length);
    return changed;
  }

  /** Returns a copy that has so many bytes at least, zeros behind. */
  static byte[] grown(byte @Nullable [] bytes, int length) {
    byte[] old = bytes == null ? NOTHING : bytes;
    return Arrays.copyOf(old, Math.max(old.length, length));
  }

  static byte[] joined(byte[] bytes, byte[] others) {
    byte[] both = Arrays.copyOf(bytes, bytes.length + others.length);
    System.arraycopy(others, 0, both, bytes.length, others.length);
    return both;
  }
}
