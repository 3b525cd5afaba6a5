package io.weir.web.security;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log's lines of tokens that are not known: one a minute at most, with how many there were
 * since the last. A few are a client whose token was replaced; many are somebody who guesses. Safe
 * for use by many threads.
 */
final class TokenGuesses {

  private static final Logger LOG = LoggerFactory.getLogger(TokenGuesses.class);
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;
  private boolean hasLogged;
  private long loggedAt;
  private long unlogged;

  /**
   * @param nanoTime a monotonic clock
   */
  TokenGuesses(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Counts one, and says so if that is due. */
  void guessed(String from) {
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
    LOG.warn(
        "refused: a token that is not known here, from {}; {} more since the last such line",
        from,
        more);
  }
}
