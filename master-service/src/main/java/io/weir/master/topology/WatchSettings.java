package io.weir.master.topology;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How clients wait for the next version of the topology.
 *
 * @param maxWait the longest wait; a request for a longer one waits this long
 * @param maxWaiters most requests that wait at once; by default as many as half of the heap holds,
 *     at 110 KiB each, and 10,000 at most. Beyond, who has waited longest is answered early, as it
 *     may be gone; when nobody has waited for a second, 503
 * @param pollInterval how often the registry is asked, while anybody waits, whether another master
 *     has changed it; the delay of such a change, and the cost in small queries
 * @param minInterval the least time between two versions that are told to those who wait: a change
 *     is told at once, and those that follow it sooner together; longer spares the network where
 *     many servers restart
 */
@ConfigurationProperties("weir.master.watch")
public record WatchSettings(
    @DefaultValue("60s") Duration maxWait,
    @Nullable Integer maxWaiters,
    @DefaultValue("200ms") Duration pollInterval,
    @DefaultValue("100ms") Duration minInterval) {

  private static final int MOST_WAITERS = 10_000;

  /** What a request that waits keeps on the heap, buffers of its connection included; measured. */
  private static final long WAITER_BYTES = 110 << 10;

  public WatchSettings {
    if (maxWait.isNegative() || maxWait.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.max-wait is " + maxWait.toSeconds() + "s; allowed is 0s to 600s");
    }
    if (maxWaiters != null && maxWaiters < 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.max-waiters is " + maxWaiters + "; allowed is 0 or more");
    }
    if (pollInterval.toMillis() < 10 || pollInterval.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.poll-interval is "
              + pollInterval.toMillis()
              + "ms; allowed is 10ms to 10s");
    }
    if (minInterval.isNegative() || minInterval.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.min-interval is "
              + minInterval.toMillis()
              + "ms; allowed is 0ms to 10s");
    }
  }

  /** Most requests that may wait where the heap may grow to so many bytes. */
  int waitersWithin(long heap) {
    return maxWaiters != null ? maxWaiters : (int) Math.min(MOST_WAITERS, heap / 2 / WAITER_BYTES);
  }
}
