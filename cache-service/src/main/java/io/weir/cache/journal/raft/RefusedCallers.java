package io.weir.cache.journal.raft;

import io.weir.model.Shown;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * The log's lines of who was refused at the journal's port: one in ten seconds at most, with how
 * many more there were since the last, as who floods the port is not to fill the disk. Safe for use
 * by many threads.
 */
final class RefusedCallers {

  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final LongSupplier nanoTime;
  private boolean hasLogged;
  private long loggedAt;
  private long unlogged;

  /**
   * @param nanoTime a monotonic clock
   */
  RefusedCallers(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /**
   * @param caller where it comes from, by this side's knowledge
   * @param reason which may quote the caller
   */
  void refused(Object caller, String reason) {
    long more;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      if (hasLogged && now - loggedAt < PAUSE_NANOS) {
        unlogged++;
        return;
      }
      more = unlogged;
      hasLogged = true;
      loggedAt = now;
      unlogged = 0;
    }
    log.warn(
        "refused at the journal's port: {}: {}; {} more since the last such line",
        caller,
        Shown.lines(reason).replace("\n", "\\n"),
        more);
  }
}
