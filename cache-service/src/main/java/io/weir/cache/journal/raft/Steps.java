package io.weir.cache.journal.raft;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How far a worker has come: a number that moves on with each step, and none while it rests. Steps
 * may stand within each other.
 *
 * <p><b>Concurrency.</b> One thread steps, any other looks.
 */
final class Steps {

  /** Nothing is under way. */
  static final long NONE = -1;

  /** By what the number is higher, at least, once a step has ended and another is under way. */
  static final long EACH = 2;

  private final AtomicLong begun = new AtomicLong();
  private final AtomicInteger under = new AtomicInteger();

  void begin() {
    begun.incrementAndGet();
    under.incrementAndGet();
  }

  void end() {
    under.decrementAndGet();
    begun.incrementAndGet();
  }

  /** The step that is under way, or {@link #NONE}. */
  long current() {
    long step = begun.get();
    return under.get() > 0 ? step : NONE;
  }
}
