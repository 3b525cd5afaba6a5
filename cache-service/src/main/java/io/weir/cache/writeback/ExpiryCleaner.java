package io.weir.cache.writeback;

import io.weir.cache.kv.Claim;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FencedException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes rows that have expired, in small fenced batches, so that they neither pile up nor hold
 * the fence's row for long. A margin keeps it off rows that a slower clock would still serve.
 */
public final class ExpiryCleaner {

  private static final Logger LOG = LoggerFactory.getLogger(ExpiryCleaner.class);

  private final BackingStore store;
  private final Claim claim;
  private final Clock clock;
  private final Duration margin;
  private final int batchRows;
  private final Consumer<FencedException> onFenced;

  /**
   * @param margin how long a row must have been expired
   * @param batchRows most rows that one transaction deletes
   * @param onFenced told when another leader has taken over, which a leader with nothing to flush
   *     learns here
   */
  public ExpiryCleaner(
      BackingStore store,
      Claim claim,
      Clock clock,
      Duration margin,
      int batchRows,
      Consumer<FencedException> onFenced) {
    this.store = store;
    this.claim = claim;
    this.clock = clock;
    this.margin = margin;
    this.batchRows = batchRows;
    this.onFenced = onFenced;
  }

  /** Cleans again and again, on a scheduler, until that is shut down or the result cancelled. */
  public ScheduledFuture<?> schedule(ScheduledExecutorService scheduler, Duration interval) {
    return scheduler.scheduleWithFixedDelay(
        this::clean, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Deletes batches until one is not full. Returns how many rows went. */
  int clean() {
    int deleted = 0;
    try {
      int batch;
      do {
        batch = store.deleteExpired(claim, clock.millis() - margin.toMillis(), batchRows);
        deleted += batch;
      } while (batch == batchRows && !Thread.currentThread().isInterrupted());
    } catch (FencedException e) {
      onFenced.accept(e);
    } catch (RuntimeException e) {
      // Whatever it is, the next round tries again: write-back reports a dead database, and expired
      // rows can wait.
      LOG.debug("expired rows not removed: {}", e.getMessage());
    }
    if (deleted > 0) {
      LOG.debug("removed {} expired rows", deleted);
    }
    return deleted;
  }
}
