package io.weir.web.security;

import io.weir.model.LogThrottle;
import java.time.Duration;
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
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final LogThrottle throttle;

  /**
   * @param nanoTime a monotonic clock
   */
  TokenGuesses(LongSupplier nanoTime) {
    this.throttle = new LogThrottle(PAUSE, nanoTime);
  }

  /** Counts one, and says so if that is due. */
  void guessed(String from) {
    long all = throttle.count(1);
    if (all > 0) {
      LOG.warn(
          "refused: a token that is not known here, from {}; {} more since the last such line",
          from,
          all - 1);
    }
  }
}
