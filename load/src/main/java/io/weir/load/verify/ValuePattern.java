package io.weir.load.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of the values that the load writes: each says whose it is, which write it is from, and
 * whether it is whole.
 *
 * <p>Big-endian: 4 bytes {@code WEIR}, 4 bytes CRC32C of all the rest, 8 bytes hash of the key, 8
 * bytes sequence of the write, and a filler that follows from the latter two. A value shorter than
 * {@value #MIN_SIZE} bytes has room for the filler only and cannot be checked.
 */
public final class ValuePattern {

  /** Fewest bytes of a value that can be checked. */
  public static final int MIN_SIZE = 24;

  private static final int MAGIC = 0x57454952;
  private static final int CHECKED_FROM = 8;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private ValuePattern() {}

  /**
   * What an intact value says of itself.
   *
   * @param keyHash {@link #hash} of the key it was written under
   * @param sequence of the write
   */
  public record Stamp(long keyHash, long sequence) {

    /** The log that it is from. */
    int run() {
      return (int) (sequence >>> 32);
    }

    /** Number of the write among those of its key. */
    int number() {
      return (int) sequence;
    }
  }

  /** Writes a value into the first bytes of an array, as many as the value's size. */
  public static void encode(byte[] target, int size, long keyHash, long sequence) {
    if (size < MIN_SIZE) {
      fill(target, 0, size, keyHash, sequence);
      return;
    }
    INT.set(target, 0, MAGIC);
    LONG.set(target, 8, keyHash);
    LONG.set(target, 16, sequence);
    fill(target, MIN_SIZE, size, keyHash, sequence);
    INT.set(target, 4, checksum(target, size));
  }

  /**
   * Returns what a value says of itself; null when it is not of this form, or damaged.
   *
   * @param size of the value, which the array begins with
   */
  public static @Nullable Stamp decode(byte[] value, int size) {
    if (size < MIN_SIZE
        || (int) INT.get(value, 0) != MAGIC
        || (int) INT.get(value, 4) != checksum(value, size)) {
      return null;
    }
    return new Stamp((long) LONG.get(value, 8), (long) LONG.get(value, 16));
  }

  /** Identity of a key in its values: FNV-1a, 64 bits (Fowler, Noll and Vo). */
  public static long hash(byte[] key) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : key) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }

  /** Numbers of SplitMix64, so that compression along the way gains nothing. */
  private static void fill(byte[] target, int from, int to, long keyHash, long sequence) {
    long state = keyHash ^ sequence * GOLDEN;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      state += GOLDEN;
      LONG.set(target, i, mix(state));
    }
    for (long last = mix(state + GOLDEN); i < to; i++, last >>>= 8) {
      target[i] = (byte) last;
    }
  }

  private static long mix(long z) {
    long mixed = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  private static int checksum(byte[] value, int size) {
    CRC32C crc = new CRC32C();
    crc.update(value, CHECKED_FROM, size - CHECKED_FROM);
    return (int) crc.getValue();
  }
}
