package io.weir.cli.load;

import java.time.Duration;

/**
 * How a load is getting on.
 *
 * @param warmingUp whether what happens now does not count yet
 * @param elapsed since the start, warm-up included
 * @param remaining until the end
 * @param perSecond successful operations, in the last interval
 * @param p99 of their latencies
 * @param errors since the start
 */
public record LoadProgress(
    boolean warmingUp,
    Duration elapsed,
    Duration remaining,
    double perSecond,
    Duration p99,
    long errors) {

  /** Told about once a second, on the thread that runs the load. */
  public interface Listener {
    void progressed(LoadProgress progress);
  }
}
