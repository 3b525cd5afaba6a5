package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that an entry takes in the heap, by the {@link HeapLayout} of the running VM. A test
 * holds the sizes against what a VM reports.
 */
public final class Weights {

  private static final HeapLayout HEAP = HeapLayout.ofThisVm();

  /** {@link Entry}, with the share of the bucket array: at most 8/3 slots an entry. */
  static final int ENTRY_BYTES = entry(HEAP) + bucketShare(HEAP);

  /** {@link Key} without its array. */
  static final int KEY_BYTES = key(HEAP);

  /** {@link Value} without its array and its media type. */
  static final int VALUE_BYTES = value(HEAP);

  /** {@link Dirt}: what an entry takes besides while it is dirty. */
  static final int DIRT_BYTES = dirt(HEAP);

  /** A media type's String without its array; the text is ASCII, one byte a character. */
  private static final int STRING_BYTES = HEAP.ofObject(1, 6);

  private Weights() {}

  /** Bytes that a dirty entry takes; its weight in the dirty budget. */
  public static int ofDirty(Key key, @Nullable Value value) {
    return ofClean(key, value) + DIRT_BYTES;
  }

  /** Bytes that a clean entry takes while it holds a value, or null for an absent key. */
  public static int ofClean(Key key, @Nullable Value value) {
    int bytes = ENTRY_BYTES + KEY_BYTES + array(key.length());
    if (value != null) {
      bytes += VALUE_BYTES + array(value.bytes().length);
      String contentType = value.contentType();
      if (contentType != null) {
        bytes += STRING_BYTES + array(contentType.length());
      }
    }
    return bytes;
  }

  private static int array(int length) {
    return Math.toIntExact(HEAP.ofArray(length));
  }

  static int entry(HeapLayout heap) {
    return heap.ofObject(7, 2 * Integer.BYTES + 2 * Long.BYTES);
  }

  static int bucketShare(HeapLayout heap) {
    return Math.ceilDiv(8 * heap.referenceBytes(), 3);
  }

  static int key(HeapLayout heap) {
    return heap.ofObject(1, Integer.BYTES + Short.BYTES);
  }

  static int value(HeapLayout heap) {
    return heap.ofObject(2, Long.BYTES);
  }

  static int dirt(HeapLayout heap) {
    return heap.ofObject(3, 4 * Long.BYTES + 7);
  }
}
