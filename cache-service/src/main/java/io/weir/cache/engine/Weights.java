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

  /** What an entry takes besides whose value has a media type, or expires, without that type. */
  static final int DETAIL_BYTES = detailed(HEAP) - entry(HEAP);

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
    if (value == null) {
      return ofAbsent(key.length());
    }
    int plain = ofPlain(key.length(), value.bytes().length);
    return Entry.isPlain(value) ? plain : ofDetailed(plain, value.contentType());
  }

  /** The same for an absent key. */
  static int ofAbsent(int keyLength) {
    return ENTRY_BYTES + array(keyLength);
  }

  /** The same for a value with more to it, from what it would be without. */
  static int ofDetailed(int plain, @Nullable String contentType) {
    return contentType == null || MediaTypes.isShared(contentType)
        ? plain + DETAIL_BYTES
        : plain + DETAIL_BYTES + STRING_BYTES + array(contentType.length());
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

  static int detailed(HeapLayout heap) {
    return heap.ofObject(8, 2 * Long.BYTES + Integer.BYTES);
  }

  static int dirt(HeapLayout heap) {
    return heap.ofObject(3, 3 * Long.BYTES + Integer.BYTES + 7);
  }
}
