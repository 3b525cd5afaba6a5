package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that an entry retains, by the object layout of a 64-bit HotSpot with compressed
 * references (the widest that heaps below 32 GiB have). A test holds the constants against the
 * layout that the running VM reports.
 */
public final class Weights {

  /** {@link Entry}, with the share of the bucket array: at most 8/3 slots of 4 bytes an entry. */
  static final int ENTRY_BYTES = 64 + 11;

  /** {@link Key} without its array. */
  static final int KEY_BYTES = 24;

  /** {@link Value} without its array and its media type. */
  static final int VALUE_BYTES = 32;

  /** {@link Dirt}: what an entry retains besides while it is dirty. */
  static final int DIRT_BYTES = 64;

  /** Array header and length, before padding. */
  private static final int ARRAY_HEADER_BYTES = 16;

  /** A media type's String and array header; the text is ASCII, one byte a character. */
  private static final int STRING_BYTES = 24 + ARRAY_HEADER_BYTES;

  private Weights() {}

  /** Bytes that a dirty entry retains; its weight in the dirty budget. */
  public static int ofDirty(Key key, @Nullable Value value) {
    return ofClean(key, value) + DIRT_BYTES;
  }

  /** Bytes that a clean entry retains while it holds a value, or null for an absent key. */
  public static int ofClean(Key key, @Nullable Value value) {
    int bytes = ENTRY_BYTES + KEY_BYTES + array(key.length());
    if (value != null) {
      bytes += VALUE_BYTES + array(value.bytes().length);
      String contentType = value.contentType();
      if (contentType != null) {
        bytes += STRING_BYTES + align(contentType.length());
      }
    }
    return bytes;
  }

  private static int array(int length) {
    return align(ARRAY_HEADER_BYTES + length);
  }

  private static int align(int bytes) {
    return (bytes + 7) & ~7;
  }
}
