package io.weir.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The name of an entry: 1 to 512 bytes of UTF-8.
 *
 * <p>Immutable. Its slot is computed once, and its hash when it is first asked for. The array that
 * it was made of is not copied and must not change afterwards.
 */
public final class Key implements Comparable<Key> {

  /** Most bytes a key may have; the width of the column that holds it. */
  public static final int MAX_BYTES = 512;

  private static final String NOT_UTF_8 = "a key is UTF-8, this one is not: ";

  private final byte[] bytes;

  /** 0 until it is asked for. A race computes it twice, to the same. */
  private int hash;

  private final short slot;

  private Key(byte[] bytes) {
    this.bytes = bytes;
    this.slot = (short) HashSlots.slotOf(bytes);
  }

  /**
   * Makes a key of UTF-8 bytes.
   *
   * @throws InvalidKeyException when there are none, more than {@value #MAX_BYTES}, or they are not
   *     UTF-8
   */
  public static Key of(byte[] utf8) {
    if (utf8.length == 0) {
      throw new InvalidKeyException("a key has at least 1 byte, this one is empty");
    }
    if (utf8.length > MAX_BYTES) {
      throw new InvalidKeyException(
          "a key has at most " + MAX_BYTES + " bytes of UTF-8, this one has " + utf8.length);
    }
    if (!isAscii(utf8)) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
      } catch (CharacterCodingException e) {
        throw new InvalidKeyException(NOT_UTF_8 + e.getMessage());
      }
    }
    return new Key(utf8);
  }

  /**
   * Makes a key of the bytes of one. They are not looked at again, so they come from {@link #bytes}
   * alone.
   */
  public static Key known(byte[] utf8) {
    return new Key(utf8);
  }

  /**
   * Makes a key of text.
   *
   * @throws InvalidKeyException when its UTF-8 form is empty or has more than {@value #MAX_BYTES}
   *     bytes, or it has none, as half a surrogate pair
   */
  public static Key of(String text) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return of(bytes);
    } catch (CharacterCodingException e) {
      throw new InvalidKeyException(NOT_UTF_8 + e.getMessage());
    }
  }

  /** The UTF-8 bytes; not a copy, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Number of bytes, 1 to {@value #MAX_BYTES}. */
  public int length() {
    return bytes.length;
  }

  /** The hash slot, 0 to 16,383. */
  public int slot() {
    return slot;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  /** {@link KeyHash}'s: of this process alone, and nobody outside can make keys that collide. */
  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = KeyHash.of(bytes);
      hash = known;
    }
    return known;
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  /** The key as text. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean isAscii(byte[] bytes) {
    int all = 0;
    for (byte b : bytes) {
      all |= b;
    }
    return all >= 0;
  }
}
