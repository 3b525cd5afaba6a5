package io.weir.cache.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The hash by which the table finds a key: SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012) under a seed that nobody outside knows.
 *
 * <p>Clients choose the keys, and {@link Object#hashCode} is known to all: {@code "Aa"} and {@code
 * "BB"} have the same, and so have all the 2^n strings of n such blocks. A table that went by it
 * would keep them in one bucket, however it mixed or grew. A seed that is mixed into the end of a
 * known function does not part what is equal before. SipHash is a pseudo-random function of its
 * seed: who does not know that can tell neither which keys collide nor, by the time that look-ups
 * take, much about others that do. One round a word and three at the end are what the hash maps of
 * Rust and Python use against the same.
 */
final class KeyHash {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** The text "somepseudorandomlygeneratedbytes", as the paper has it. */
  private static final long INITIAL_0 = 0x736f6d6570736575L;

  private static final long INITIAL_1 = 0x646f72616e646f6dL;
  private static final long INITIAL_2 = 0x6c7967656e657261L;
  private static final long INITIAL_3 = 0x7465646279746573L;

  private static final long END = 0xff;
  private static final int END_ROUNDS = 3;

  private KeyHash() {}

  /** The 128 bits that the hashes of a table depend on. */
  record Seed(long low, long high) {

    /** A seed that nobody can guess. */
    static Seed random() {
      SecureRandom random = new SecureRandom();
      return new Seed(random.nextLong(), random.nextLong());
    }
  }

  /** The hash of a range of bytes; low and high bits are equally good. */
  static int hash(Seed seed, byte[] bytes, int from, int to) {
    return (int) sipHash13(seed, bytes, from, to);
  }

  /** All 64 bits of it. */
  static long sipHash13(Seed seed, byte[] bytes, int from, int to) {
    long v0 = seed.low ^ INITIAL_0;
    long v1 = seed.high ^ INITIAL_1;
    long v2 = seed.low ^ INITIAL_2;
    long v3 = seed.high ^ INITIAL_3;
    int lastWord = from + ((to - from) & -Long.BYTES);
    for (int at = from; at <= lastWord; at += Long.BYTES) {
      long word = at < lastWord ? (long) LONG.get(bytes, at) : rest(bytes, from, lastWord, to);
      v3 ^= word;
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= word;
    }
    v2 ^= END;
    for (int round = 0; round < END_ROUNDS; round++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** The last word: the bytes that are left, and above them the length. */
  private static long rest(byte[] bytes, int from, int lastWord, int to) {
    long word = (long) (to - from) << 56;
    int at = lastWord;
    int shift = 0;
    if (to - at >= Integer.BYTES) {
      word |= Integer.toUnsignedLong((int) INT.get(bytes, at));
      at += Integer.BYTES;
      shift = Integer.SIZE;
    }
    for (; at < to; at++, shift += Byte.SIZE) {
      word |= (bytes[at] & 0xffL) << shift;
    }
    return word;
  }
}
