package io.weir.cache.engine;

/** A clock for durations: nanoseconds since the ticker was made, never going back. */
@FunctionalInterface
public interface Ticker {

  /** Nanoseconds, not negative. */
  long nanos();

  /** A ticker on the VM's own clock. */
  static Ticker system() {
    long origin = System.nanoTime();
    return () -> System.nanoTime() - origin;
  }
}
