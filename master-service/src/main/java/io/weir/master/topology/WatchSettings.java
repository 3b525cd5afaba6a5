package io.weir.master.topology;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How clients wait for the next version of the topology.
 *
 * @param maxWait the longest wait; a request for a longer one waits this long
 * @param maxWaiters most requests that wait at once; further ones are answered with 503
 * @param pollInterval how often the registry is asked, while anybody waits, whether another master
 *     has changed it; the delay of such a change, and the cost in small queries
 */
@ConfigurationProperties("weir.master.watch")
public record WatchSettings(
    @DefaultValue("60s") Duration maxWait,
    @DefaultValue("10000") int maxWaiters,
    @DefaultValue("200ms") Duration pollInterval) {

  public WatchSettings {
    if (maxWait.isNegative() || maxWait.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.max-wait is " + maxWait.toSeconds() + "s; allowed is 0s to 600s");
    }
    if (maxWaiters < 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.max-waiters is " + maxWaiters + "; allowed is 0 or more");
    }
    if (pollInterval.toMillis() < 10 || pollInterval.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException(
          "weir.master.watch.poll-interval is "
              + pollInterval.toMillis()
              + "ms; allowed is 10ms to 10s");
    }
  }
}
