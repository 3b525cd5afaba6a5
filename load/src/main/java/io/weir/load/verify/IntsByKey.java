package io.weir.load.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * An int for each key, 0 at first, for keys that grow in number: an array in pieces, each made when
 * one of its elements is first written. Safe for any number of threads.
 */
final class IntsByKey {

  private static final int PIECE_BITS = 16;
  private static final int PIECE = 1 << PIECE_BITS;
  private static final int MOST_PIECES = 1 << (31 - PIECE_BITS);
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  private final AtomicReferenceArray<int[]> pieces = new AtomicReferenceArray<>(MOST_PIECES);

  int get(int key) {
    int[] piece = pieces.getAcquire(key >>> PIECE_BITS);
    return piece == null ? 0 : (int) INTS.getAcquire(piece, key & (PIECE - 1));
  }

  void set(int key, int value) {
    INTS.setRelease(piece(key), key & (PIECE - 1), value);
  }

  boolean compareAndSet(int key, int expected, int value) {
    return INTS.compareAndSet(piece(key), key & (PIECE - 1), expected, value);
  }

  /** Makes an element at least as large as a value. */
  void raise(int key, int value) {
    int before = get(key);
    while (before < value && !compareAndSet(key, before, value)) {
      before = get(key);
    }
  }

  private int[] piece(int key) {
    int index = key >>> PIECE_BITS;
    int[] piece = pieces.getAcquire(index);
    if (piece == null) {
      int[] fresh = new int[PIECE];
      piece = pieces.compareAndExchange(index, null, fresh);
      if (piece == null) {
        return fresh;
      }
    }
    return piece;
  }
}
