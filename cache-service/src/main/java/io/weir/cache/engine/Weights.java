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

  /** {@link Entry}, with the share of the bucket array: at most 2 slots an entry. */
  static final int ENTRY_BYTES = entry(HEAP) + bucketShare(HEAP);

  /** {@link Value} without its array and its media type, where an entry has one. */
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
    return ofClean(key.length(), value);
  }

  static int ofClean(int keyLength, @Nullable Value value) {
    if (value == null) {
      return ENTRY_BYTES + array(keyLength);
    }
    int plain = ofPlain(keyLength, value.bytes().length);
    if (Entry.isPlain(value)) {
      return plain;
    }
    String type = value.contentType();
    return type == null || MediaTypes.isShared(type)
        ? plain + VALUE_BYTES
        : plain + VALUE_BYTES + STRING_BYTES + array(type.length());
  }

  /** The same for a value that is its bytes alone. */
  static int ofPlain(int keyLength, int valueLength) {
    return ENTRY_BYTES + array(keyLength) + array(valueLength);
  }

  private static int array(int length) {
    return Math.toIntExact(HEAP.ofArray(length));
  }

  static int entry(HeapLayout heap) {
    return heap.ofObject(7, Long.BYTES + Integer.BYTES);
  }

  static int bucketShare(HeapLayout heap) {
    return 2 * heap.referenceBytes();
  }

  static int value(HeapLayout heap) {
    return heap.ofObject(2, Long.BYTES);
  }

  static int dirt(HeapLayout heap) {
    return heap.ofObject(3, 3 * Long.BYTES + Integer.BYTES + 7);
  }
}
