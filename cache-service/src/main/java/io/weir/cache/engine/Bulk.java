package io.weir.cache.engine;

/**
 * What gathers outcomes that come many at a time, such as those of one event loop's writes.
 *
 * <p><b>Concurrency.</b> Of any thread, which it does not keep waiting.
 */
@FunctionalInterface
public interface Bulk extends Runnable {

  /** Bulk of who wants to hear of each outcome by itself. */
  Bulk NONE = () -> {};

  /** All outcomes that came together have been told. */
  void told();

  @Override
  default void run() {
    told();
  }
}
