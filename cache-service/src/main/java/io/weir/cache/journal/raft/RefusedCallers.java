package io.weir.cache.journal.raft;

import io.weir.model.LogThrottle;
import io.weir.model.Shown;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * The log's lines of who was refused at the journal's port: one in ten seconds at most, with how
 * many more there were since the last, as who floods the port is not to fill the disk. Safe for use
 * by many threads.
 */
final class RefusedCallers {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Logger log;
  private final LogThrottle throttle;

  /**
   * @param nanoTime a monotonic clock
   */
  RefusedCallers(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.throttle = new LogThrottle(PAUSE, nanoTime);
  }

  /**
   * @param caller where it comes from, by this side's knowledge
   * @param reason which may quote the caller
   */
  void refused(Object caller, String reason) {
    long all = throttle.count(1);
    if (all > 0) {
      log.warn(
          "refused at the journal's port: {}: {}; {} more since the last such line",
          caller,
          Shown.lines(reason).replace("\n", "\\n"),
          all - 1);
    }
  }
}
