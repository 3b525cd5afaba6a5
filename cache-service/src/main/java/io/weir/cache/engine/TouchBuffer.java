package io.weir.cache.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a stripe that its recency list does not know yet: a small lossy buffer, after the
 * read buffers of BP-Wrapper (Ding, Jiang and Zhang, ICDE 2009).
 *
 * <p><b>Concurrency.</b> {@link #record} is called by any number of threads, under no lock; {@link
 * #drain} under the stripe's write lock. A thread takes its slot first and fills it then. What it
 * fills late, after a drain has passed, is overwritten, or comes out with the next drain: one touch
 * is lost, or late, or is of an entry that has left, which whoever drains has to know. One thread
 * alone loses none.
 */
final class TouchBuffer {

  /** Small, so that a drain is short; a power of two is not needed. */
  static final int CAPACITY = 64;

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Entry[].class);

  private final @Nullable Entry[] touched = new @Nullable Entry[CAPACITY];

  /** Slots taken since the last drain, and the tries that found none left. */
  private final AtomicInteger taken = new AtomicInteger();

  /** Touches that drains have found recorded. Guarded by the write lock, read under either. */
  private long drained;

  /** Records a touch. Returns false when the buffer is full and the touch was dropped. */
  boolean record(Entry entry) {
    if (taken.get() >= CAPACITY) {
      return false;
    }
    int slot = taken.getAndIncrement();
    if (slot >= CAPACITY) {
      return false;
    }
    SLOT.setRelease(touched, slot, entry);
    return true;
  }

  /** Hands over all touches in the order in which they were recorded, and forgets them. */
  void drain(Consumer<Entry> consumer) {
    if (taken.get() == 0) {
      return;
    }
    int count = Math.min(taken.getAndSet(0), CAPACITY);
    drained += count;
    for (int i = 0; i < count; i++) {
      Entry entry = (Entry) SLOT.getAndSetAcquire(touched, i, null);
      if (entry != null) {
        consumer.accept(entry);
      }
    }
  }

  /** How many touches were ever recorded, lost ones among them. Under either lock. */
  long recorded() {
    return drained + Math.min(taken.get(), CAPACITY);
  }
}
