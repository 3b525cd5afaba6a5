package io.weir.cache.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * A warning of what may happen with every row, or again and again: written at most once a minute,
 * with how many there were since it was written last. Safe for use by many threads.
 */
public final class RareWarning {

  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Logger log;
  private final LongSupplier nanoTime;
  private final AtomicLong dueNanos;
  private final AtomicLong rows = new AtomicLong();

  /**
   * Due at once.
   *
   * @param nanoTime a monotonic clock
   */
  public RareWarning(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.dueNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /**
   * Counts rows, and warns if that is due.
   *
   * @param format with a place for the number of rows, then one for the example
   */
  public void of(String format, int more, Object example) {
    rows.addAndGet(more);
    long now = nanoTime.getAsLong();
    long due = dueNanos.get();
    if (now - due >= 0 && dueNanos.compareAndSet(due, now + PAUSE_NANOS)) {
      log.warn(format, rows.getAndSet(0), example);
    }
  }
}
