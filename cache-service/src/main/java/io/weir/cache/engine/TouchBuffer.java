package io.weir.cache.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
  private static final VarHandle TAKEN;

  static {
    try {
      TAKEN = MethodHandles.lookup().findVarHandle(TouchBuffer.class, "taken", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Entry[] touched = new @Nullable Entry[CAPACITY];

  /** Slots taken since the last drain, and the tries that found none left. */
  private volatile int taken;

  /** How many neighbours {@link #fetch} has met. Nobody asks, so that the look is not left out. */
  @SuppressWarnings("UnusedVariable")
  private int met;

  /** Touches that drains have found recorded. Guarded by the write lock, read under either. */
  private long drained;

  /** Records a touch. Returns false when the buffer is full and the touch was dropped. */
  boolean record(Entry entry) {
    if (taken >= CAPACITY) {
      return false;
    }
    int slot = (int) TAKEN.getAndAdd(this, 1);
    if (slot >= CAPACITY) {
      return false;
    }
    SLOT.setRelease(touched, slot, entry);
    return true;
  }

  /**
   * Hands over all touches in the order in which they were recorded, and forgets them. Their
   * entries are {@linkplain #fetch fetched} first.
   */
  void drain(Consumer<Entry> consumer) {
    if (taken == 0) {
      return;
    }
    int count = Math.min((int) TAKEN.getAndSet(this, 0), CAPACITY);
    drained += count;
    fetch(count);
    for (int i = 0; i < count; i++) {
      Entry entry = (Entry) SLOT.getAcquire(touched, i);
      if (entry != null) {
        SLOT.setRelease(touched, i, null);
        consumer.accept(entry);
      }
    }
  }

  /**
   * Looks at the neighbours of all touched entries, and changes nothing. The processor waits for
   * many of them at once, since no look depends on another; while they are moved it would wait for
   * one after the other.
   */
  private void fetch(int count) {
    int neighbours = 0;
    for (int i = 0; i < count; i++) {
      Entry entry = (Entry) SLOT.getAcquire(touched, i);
      if (entry != null) {
        Entry colder = entry.colder;
        Entry hotter = entry.hotter;
        neighbours += colder != null && colder.hotter == entry ? 1 : 0;
        neighbours += hotter != null && hotter.colder == entry ? 1 : 0;
      }
    }
    met = neighbours;
  }

  /** How many touches were ever recorded, lost ones among them. Under either lock. */
  long recorded() {
    return drained + Math.min(taken, CAPACITY);
  }
}
