package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.Ticker;
import io.weir.cache.store.StoreException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time in which flushes fail: when the next try is due, and a line in the log when it begins and
 * when it ends.
 *
 * <p><b>Concurrency.</b> The write-back thread's own, {@link #isOn} excepted.
 */
final class Outage {

  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private static final long NEVER = -1;

  private final Backoff backoff;
  private final DirtySet dirtySet;
  private final Ticker ticker;

  /** When the next try is due; 0 when at once. */
  private long pausedUntilNanos;

  private volatile long sinceNanos = NEVER;

  Outage(FlushSettings settings, DirtySet dirtySet, Ticker ticker) {
    this.backoff = new Backoff(settings.minRetryDelay(), settings.maxRetryDelay());
    this.dirtySet = dirtySet;
    this.ticker = ticker;
  }

  /** Whether the database did not take the last flush, and something waits. For any thread. */
  boolean isOn() {
    return sinceNanos != NEVER && dirtySet.dirtyEntries() > 0;
  }

  /** Whether it is too early for the next try. */
  boolean isPause(long nowNanos) {
    return pausedUntilNanos != 0 && nowNanos < pausedUntilNanos;
  }

  /** How long it is until the next try. */
  long pauseNanos(long nowNanos) {
    return isPause(nowNanos) ? pausedUntilNanos - nowNanos : 0;
  }

  /** Lets time pass before the next try. */
  void pause() {
    pausedUntilNanos = ticker.nanos() + backoff.nextDelayNanos();
  }

  /** A flush has failed, for no fault of a row. */
  void failed(Throwable cause) {
    if (!(cause instanceof StoreException)) {
      LOG.error("a flush met an unexpected failure; it is tried again", cause);
    }
    if (sinceNanos == NEVER) {
      sinceNanos = ticker.nanos();
      LOG.warn(
          "the database does not take writes, {} entries are dirty; trying again: {}",
          dirtySet.dirtyEntries(),
          cause.getMessage());
    }
    pause();
  }

  /** The database has answered. */
  void over() {
    pausedUntilNanos = 0;
    backoff.succeeded();
    if (sinceNanos != NEVER) {
      LOG.info(
          "the database takes writes again after {} ms, {} entries are dirty",
          TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - sinceNanos),
          dirtySet.dirtyEntries());
      sinceNanos = NEVER;
    }
  }
}
