package io.weir.cache.writeback;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Delays between tries: doubling from a least to a greatest, with the jitter of half a step, so
 * that many servers do not return to a recovering database in step.
 */
final class Backoff {

  private static final int MAX_DOUBLINGS = 30;

  private final long minNanos;
  private final long maxNanos;
  private int failures;

  Backoff(Duration min, Duration max) {
    this.minNanos = min.toNanos();
    this.maxNanos = max.toNanos();
  }

  /** Counts a failure, and returns the nanoseconds to wait before the next try. */
  long nextDelayNanos() {
    long step = minNanos << Math.min(failures, MAX_DOUBLINGS);
    failures++;
    long bounded = step <= 0 || step > maxNanos ? maxNanos : step;
    return bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1);
  }

  void succeeded() {
    failures = 0;
  }

  int failures() {
    return failures;
  }
}
