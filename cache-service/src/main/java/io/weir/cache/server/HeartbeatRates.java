package io.weir.cache.server;

import io.weir.cache.engine.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Turns counters into rates over the time between two heartbeats. They are computed here and not at
 * a master, so that any number of masters, of which each sees only some heartbeats, say the same.
 *
 * <p>A heartbeat that follows another at once, because something has changed, repeats its rates:
 * over some milliseconds they would mean nothing.
 */
final class HeartbeatRates {

  /** Half of the default heartbeat. */
  static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Ticker ticker;
  private Counts base = new Counts(0, 0, 0, 0);
  private long baseNanos;
  private Rates last = new Rates(0, 0, null, 0);

  /** Starts with all counters at 0. */
  HeartbeatRates(Ticker ticker) {
    this.ticker = ticker;
    this.baseNanos = ticker.nanos();
  }

  /** What has been counted since the process started. */
  record Counts(long hits, long misses, long puts, long flushes) {}

  /**
   * A second's worth of it.
   *
   * @param hitRatio null when nothing was read
   */
  record Rates(double gets, double puts, @Nullable Double hitRatio, double flushes) {}

  /**
   * Returns the rates since the last call that was at least {@link #SHORTEST} after the one before.
   */
  synchronized Rates since(Counts now) {
    long nanos = ticker.nanos();
    long took = nanos - baseNanos;
    if (took < SHORTEST.toNanos()) {
      return last;
    }
    double seconds = took / 1e9;
    long hits = now.hits - base.hits;
    long gets = hits + now.misses - base.misses;
    last =
        new Rates(
            gets / seconds,
            (now.puts - base.puts) / seconds,
            gets == 0 ? null : (double) hits / gets,
            (now.flushes - base.flushes) / seconds);
    base = now;
    baseNanos = nanos;
    return last;
  }
}
