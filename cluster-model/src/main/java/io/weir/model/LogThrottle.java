package io.weir.model;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Says when a line of the log is due of what may happen again and again: at once, and then at most
 * once in a pause. It counts what comes between. Safe for use by many threads, which never wait.
 */
public final class LogThrottle {

  private final long pauseNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong dueNanos;
  private final AtomicLong counted = new AtomicLong();

  /**
   * Due at once.
   *
   * @param pause between two lines, at least
   * @param nanoTime a monotonic clock
   */
  public LogThrottle(Duration pause, LongSupplier nanoTime) {
    this.pauseNanos = pause.toNanos();
    this.nanoTime = nanoTime;
    this.dueNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * Counts so many.
   *
   * @return when a line is due, how many there were since the last, these included; else 0
   */
  public long count(int more) {
    counted.addAndGet(more);
    long now = nanoTime.getAsLong();
    long due = dueNanos.get();
    return now - due >= 0 && dueNanos.compareAndSet(due, now + pauseNanos)
        ? counted.getAndSet(0)
        : 0;
  }
}
