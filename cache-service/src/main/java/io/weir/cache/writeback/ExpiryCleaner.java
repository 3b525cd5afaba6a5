package io.weir.cache.writeback;

import io.weir.cache.engine.Ticker;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.RareWarning;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes rows that have expired, in small fenced batches, so that they neither pile up nor hold
 * the fence's row for long. A margin keeps it off rows that a slower clock would still serve.
 *
 * <p><b>Concurrency.</b> One batch at a time, on a scheduler. After a full one it rests for as long
 * as that took, so that flushes have the fence for half of the time at least; after any other, for
 * an interval.
 *
 * <p><b>Failure.</b> Whatever fails is tried again an interval later, and told now and then. How
 * long a batch may take is bounded by the store's time-outs. Once stopped it begins no other.
 */
public final class ExpiryCleaner {

  private static final Logger LOG = LoggerFactory.getLogger(ExpiryCleaner.class);

  private final BackingStore store;
  private final Claim claim;
  private final Clock clock;
  private final Ticker ticker;
  private final Limits limits;
  private final Consumer<FencedException> onFenced;
  private final RareWarning failures;
  private boolean stopped;
  private @Nullable Future<?> next;

  /**
   * How it goes about it.
   *
   * @param interval between looks that find less than a batch
   * @param margin how long a row must have been expired
   * @param batchRows most rows that one transaction deletes
   */
  public record Limits(Duration interval, Duration margin, int batchRows) {}

  /**
   * @param clock that rows expire by
   * @param ticker that batches are timed by
   * @param onFenced told when another leader has taken over, which a leader with nothing to flush
   *     learns here
   */
  public ExpiryCleaner(
      BackingStore store,
      Claim claim,
      Clock clock,
      Ticker ticker,
      Limits limits,
      Consumer<FencedException> onFenced) {
    this.store = store;
    this.claim = claim;
    this.clock = clock;
    this.ticker = ticker;
    this.limits = limits;
    this.onFenced = onFenced;
    this.failures = new RareWarning(LOG, ticker::nanos);
  }

  /** Cleans again and again, on a scheduler, until this or that is stopped. */
  public void start(ScheduledExecutorService scheduler) {
    schedule(scheduler, limits.interval.toNanos());
  }

  private synchronized void schedule(ScheduledExecutorService scheduler, long pauseNanos) {
    if (stopped) {
      return;
    }
    try {
      next = scheduler.schedule(() -> clean(scheduler), pauseNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("expired rows are no longer removed: the scheduler has been shut down");
    }
  }

  private void clean(ScheduledExecutorService scheduler) {
    long start = ticker.nanos();
    boolean isFull = clean() == limits.batchRows;
    schedule(scheduler, isFull ? ticker.nanos() - start : limits.interval.toNanos());
  }

  /** Lets no other batch begin; does not wait for the one under way. */
  public synchronized void stop() {
    stopped = true;
    if (next != null) {
      next.cancel(false);
    }
  }

  /** Deletes a batch, and never fails. Returns how many rows went. */
  int clean() {
    try {
      return deleteBatch();
    } catch (RuntimeException | Error e) {
      failures.of(
          "Expired rows were not removed, {} times in the last minute or so: {}. They are absent"
              + " for clients, and stay in the database until it works again.",
          1,
          e.toString());
      return 0;
    }
  }

  private int deleteBatch() {
    try {
      long before = clock.millis() - limits.margin.toMillis();
      int deleted = store.deleteExpired(claim, before, limits.batchRows);
      if (deleted > 0) {
        LOG.debug("removed {} expired rows", deleted);
      }
      return deleted;
    } catch (FencedException e) {
      onFenced.accept(e);
      return 0;
    }
  }
}
