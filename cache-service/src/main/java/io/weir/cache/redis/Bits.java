package io.weir.cache.redis;

import org.jspecify.annotations.Nullable;

/** The bits of a value, the first being the highest of its first byte. */
final class Bits {

  private Bits() {}

  /** 0 or 1; 0 beyond the end. */
  static int get(byte[] bytes, long bit) {
    long at = bit >>> 3;
    return at < bytes.length ? bytes[(int) at] >> (int) (7 - (bit & 7)) & 1 : 0;
  }

  /** Returns the bytes with a bit set or cleared, longer if need be. */
  static byte[] with(byte @Nullable [] bytes, long bit, boolean on) {
    int at = Math.toIntExact(bit >>> 3);
    byte[] changed = Ranges.grown(bytes, at + 1);
    int mask = 0x80 >> (int) (bit & 7);
    changed[at] = (byte) (on ? changed[at] | mask : changed[at] & ~mask);
    return changed;
  }

  /** Counts the bits that are set from one to another, both included. */
  static long count(byte[] bytes, long first, long last) {
    long count = 0;
    long bit = first;
    while (bit <= last) {
      if ((bit & 7) == 0 && last - bit >= 7) {
        count += Integer.bitCount(bytes[(int) (bit >>> 3)] & 0xFF);
        bit += 8;
      } else {
        count += get(bytes, bit);
        bit++;
      }
    }
    return count;
  }
}
