package io.weir.client;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A point in time until which a call may go on, on a monotonic clock. */
final class Deadline {

  private final LongSupplier nanoClock;
  private final long at;

  private Deadline(LongSupplier nanoClock, long at) {
    this.nanoClock = nanoClock;
    this.at = at;
  }

  static Deadline after(Duration time, LongSupplier nanoClock) {
    return new Deadline(nanoClock, nanoClock.getAsLong() + time.toNanos());
  }

  /** What is left; zero when it has passed. */
  Duration remaining() {
    return Duration.ofNanos(Math.max(0, at - nanoClock.getAsLong()));
  }

  /** Tells whether at least so much time is left. */
  boolean leaves(Duration time) {
    return at - nanoClock.getAsLong() >= time.toNanos();
  }

  /** The shorter of what is left and a bound. */
  Duration atMost(Duration bound) {
    Duration left = remaining();
    return left.compareTo(bound) < 0 ? left : bound;
  }
}
