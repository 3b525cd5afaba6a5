package io.weir.cache.fast;

/** A connection whose time runs out. Of its event loop. */
interface Timed {

  /**
   * Looks at the clock.
   *
   * @param now of {@link System#nanoTime}
   */
  void tick(long now);

  /** The server stops: takes no further request, and closes once it owes no answer. */
  void drain();
}
