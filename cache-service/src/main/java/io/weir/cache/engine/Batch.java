package io.weir.cache.engine;

import io.weir.cache.kv.Write;
import java.util.ArrayList;
import java.util.List;

/** The writes of a flush while they are collected, one stripe after the other. One thread's own. */
final class Batch {

  private final List<Write> writes = new ArrayList<>();
  private final int maxEntries;
  private long bytesLeft;

  /** How many there may be once the stripe in hand has given its share. */
  private int most;

  /** At most so many entries, and so many bytes, but for one that weighs more by itself. */
  Batch(int maxEntries, long maxBytes) {
    this.maxEntries = maxEntries;
    this.bytesLeft = maxBytes;
    this.most = maxEntries;
  }

  /** From here on takes so many more, if there is room for them. */
  void limitTo(int more) {
    most = Math.min(maxEntries, writes.size() + Math.min(more, maxEntries));
  }

  boolean isFull() {
    return writes.size() >= maxEntries || bytesLeft <= 0;
  }

  boolean hasRoomFor(Entry entry) {
    return writes.isEmpty() || (writes.size() < most && entry.weight() <= bytesLeft);
  }

  void add(Write write, int weight) {
    writes.add(write);
    bytesLeft -= weight;
  }

  List<Write> writes() {
    return writes;
  }
}
