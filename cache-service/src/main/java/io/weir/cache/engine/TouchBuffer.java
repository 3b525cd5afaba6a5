package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a stripe that its recency list does not know yet: a small lossy buffer, after the
 * read buffers of BP-Wrapper (Ding, Jiang and Zhang, ICDE 2009).
 *
 * <p><b>Concurrency.</b> {@link #record} is called under the stripe's read lock, by any number of
 * threads; {@link #drain} under its write lock. So no record is half written when it is drained,
 * and the lock's hand-over publishes the plain array.
 */
final class TouchBuffer {

  /** Small, so that a drain is short; a power of two is not needed. */
  static final int CAPACITY = 64;

  private final @Nullable Entry[] touched = new @Nullable Entry[CAPACITY];
  private final AtomicInteger size = new AtomicInteger();

  /** Records a touch. Returns false when the buffer is full and the touch was dropped. */
  boolean record(Entry entry) {
    if (size.get() >= CAPACITY) {
      return false;
    }
    int slot = size.getAndIncrement();
    if (slot >= CAPACITY) {
      return false;
    }
    touched[slot] = entry;
    return true;
  }

  /** Hands over all touches in the order in which they were recorded, and forgets them. */
  void drain(Consumer<Entry> consumer) {
    int count = Math.min(size.get(), CAPACITY);
    for (int i = 0; i < count; i++) {
      Entry entry = touched[i];
      touched[i] = null;
      if (entry != null) {
        consumer.accept(entry);
      }
    }
    size.set(0);
  }
}
