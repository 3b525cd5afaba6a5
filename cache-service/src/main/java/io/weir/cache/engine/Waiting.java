package io.weir.cache.engine;

/**
 * What waits for a flush, stripe by stripe: not of one moment.
 *
 * @param oldestNanos ticker nanoseconds since which the oldest of it is dirty; {@code
 *     Long.MAX_VALUE} when nothing waits
 * @param bytes of it
 * @param entries of it
 * @param parked whether eviction waits for some of it
 */
public record Waiting(long oldestNanos, long bytes, long entries, boolean parked) {

  /** Whether nothing waits. */
  public boolean isNothing() {
    return oldestNanos == Long.MAX_VALUE;
  }
}
