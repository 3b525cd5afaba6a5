package io.weir.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The hash of keys: SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012)
 * under a seed that nobody outside this process knows.
 *
 * <p>Clients choose the keys, and a hash that is known to all lets them choose what collides: of
 * Java's strings {@code "Aa"} and {@code "BB"} have the same, and so have all the 2^n strings of n
 * such blocks. A table that went by it would keep them in one bucket, however it mixed or grew. A
 * seed that is mixed into the end of a known function does not part what is equal before. SipHash
 * is a pseudo-random function of its seed: who does not know that can tell neither which keys
 * collide nor, by the time that look-ups take, much about others that do. One round a word and
 * three at the end are what the hash maps of Rust and Python use against the same.
 */
public final class KeyHash {

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

  private static final Seed OF_THIS_PROCESS = Seed.random();

  private KeyHash() {}

  /**
   * The hash of a key's bytes, the same for as long as this process lives; low and high bits are
   * equally good.
   */
  public static int of(byte[] key) {
    return (int) sipHash13(OF_THIS_PROCESS, key);
  }

  /** The 128 bits that hashes depend on. */
  record Seed(long low, long high) {

    /** A seed that nobody can guess. */
    static Seed random() {
      SecureRandom random = new SecureRandom();
      return new Seed(random.nextLong(), random.nextLong());
    }
  }

  /** All 64 bits of a hash. */
  static long sipHash13(Seed seed, byte[] bytes) {
    long v0 = seed.low ^ INITIAL_0;
    long v1 = seed.high ^ INITIAL_1;
    long v2 = seed.low ^ INITIAL_2;
    long v3 = seed.high ^ INITIAL_3;
    int lastWord = bytes.length & -Long.BYTES;
    for (int at = 0; at <= lastWord; at += Long.BYTES) {
      long word = at < lastWord ? (long) LONG.get(bytes, at) : rest(bytes, lastWord);
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
  private static long rest(byte[] bytes, int lastWord) {
    int to = bytes.length;
    long word = (long) to << 56;
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
