package io.weir.cache.writeback;

import io.weir.cache.engine.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Those who ask for all that is dirty to be flushed, and wait for it. Safe for many threads. */
final class FlushRequests {

  /** How often one who waits looks whether it is over. */
  private static final long LOOK_MILLIS = 5;

  private static final long NEVER = Long.MIN_VALUE;

  private final Ticker ticker;

  private final AtomicLong askedNanos = new AtomicLong(NEVER);

  /** What became dirty at this moment or before is in the database, settled, or quarantined. */
  private volatile long doneNanos = NEVER;

  FlushRequests(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Asks for all that is dirty now. Returns the moment, to {@link #await} it. */
  long ask() {
    long now = ticker.nanos();
    askedNanos.accumulateAndGet(now, Math::max);
    return now;
  }

  /** What became dirty at this moment or before is asked for; the least there is for nothing. */
  long askedNanos() {
    return askedNanos.get();
  }

  /** All is done that became dirty at a moment or before. */
  void done(long nanos) {
    doneNanos = Math.max(doneNanos, nanos);
  }

  /**
   * Waits for what was asked for. Returns false when it is too late, or nobody flushes any more.
   */
  boolean await(long asked, Duration timeout, BooleanSupplier stopped) throws InterruptedException {
    while (doneNanos < asked) {
      if (stopped.getAsBoolean() || ticker.nanos() - asked >= timeout.toNanos()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return true;
  }
}
