package io.weir.client;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/**
 * How long to wait before the next attempt: exponential with "equal jitter" (Brooker, "Exponential
 * Backoff And Jitter", AWS Architecture Blog, 2015). The n-th wait is uniform in [ceiling / 2,
 * ceiling], where the ceiling is {@code min(longest, first * 2^n)}.
 *
 * <p>Not thread-safe: one for each call.
 */
public final class Backoff {

  private final long longest;
  private final LongUnaryOperator random;
  private long ceiling;

  /**
   * @param random returns a number from 0 (inclusive) to its argument (exclusive)
   */
  public Backoff(Duration first, Duration longest, LongUnaryOperator random) {
    this.ceiling = first.toNanos();
    this.longest = longest.toNanos();
    this.random = random;
  }

  /** The next wait, in nanoseconds. */
  public long nextNanos() {
    long half = ceiling / 2;
    long wait = half + random.applyAsLong(Math.max(1, ceiling - half));
    ceiling = Math.min(longest, ceiling * 2);
    return wait;
  }
}
