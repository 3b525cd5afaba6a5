package io.weir.lab.sweep;

import java.util.Arrays;

/**
 * A cache of key numbers that always evicts the least recently used: what a real one is measured
 * against. Holds no values; all of it is three arrays of ints, so that following a load costs the
 * load nothing.
 *
 * <p>The entries are a ring, linked both ways through {@link #before} and {@link #after}, with a
 * place beyond the keys as its joint: after the joint stands the hottest, before it the coldest.
 */
final class ExactLru {

  private static final int ABSENT = -1;

  private final int capacity;
  private final int joint;
  private final int[] before;
  private final int[] after; // ABSENT for what is not in the cache.
  private int size;

  /**
   * An empty cache.
   *
   * @param keys the numbers are 0 to keys - 1
   * @param capacity most entries, at least 1
   */
  ExactLru(int keys, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a cache has room for one entry, got " + capacity);
    }
    this.capacity = capacity;
    this.joint = keys;
    this.before = new int[keys + 1];
    this.after = new int[keys + 1];
    Arrays.fill(after, ABSENT);
    before[joint] = joint;
    after[joint] = joint;
  }

  /** Uses a key, which is then the hottest entry. Returns whether it was there already. */
  boolean use(int key) {
    boolean hit = after[key] != ABSENT;
    if (hit) {
      unlink(key);
    } else if (size == capacity) {
      unlink(before[joint]);
    } else {
      size++;
    }
    linkHottest(key);
    return hit;
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == capacity;
  }

  /** The keys that are in it, coldest first: used in this order, they fill an empty one alike. */
  int[] coldestFirst() {
    int[] keys = new int[size];
    int key = joint;
    for (int i = 0; i < size; i++) {
      key = before[key];
      keys[i] = key;
    }
    return keys;
  }

  private void linkHottest(int key) {
    int second = after[joint];
    after[joint] = key;
    before[key] = joint;
    after[key] = second;
    before[second] = key;
  }

  private void unlink(int key) {
    after[before[key]] = after[key];
    before[after[key]] = before[key];
    after[key] = ABSENT;
  }
}
