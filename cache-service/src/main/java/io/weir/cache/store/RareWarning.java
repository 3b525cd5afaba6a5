package io.weir.cache.store;

import io.weir.model.LogThrottle;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * A warning of what may happen with every row, or again and again: written at most once a minute,
 * with how many there were since it was written last. Safe for use by many threads.
 */
public final class RareWarning {

  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final Logger log;
  private final LogThrottle throttle;

  /**
   * Due at once.
   *
   * @param nanoTime a monotonic clock
   */
  public RareWarning(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.throttle = new LogThrottle(PAUSE, nanoTime);
  }

  /**
   * Counts rows, and warns if that is due.
   *
   * @param format with a place for the number of rows, then one for the example
   */
  public void of(String format, int more, Object example) {
    long all = throttle.count(more);
    if (all > 0) {
      log.warn(format, all, example);
    }
  }
}
