package io.weir.cache.web;

import io.weir.model.ByteSize;
import java.time.Duration;

/**
 * How fast a client must send the body of a request, and take an answer: what it holds meanwhile is
 * memory that others wait for.
 *
 * @param bytesPerSecond on the average since it began; 0 for no least rate
 * @param grace for which it may be slower, at the beginning or by a standstill
 */
public record LeastRate(ByteSize bytesPerSecond, Duration grace) {

  /** Whether so many bytes in so long a time are too few. */
  public boolean isMissedBy(long bytes, long nanos) {
    long rate = bytesPerSecond.bytes();
    return rate > 0 && nanos - grace.toNanos() > bytes * 1e9 / rate;
  }
}
