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

  /**
   * Runs a task at the end of the calling thread's turn, once for all who ask for it until then.
   *
   * @return false when this is not the thread whose turns it knows; the task is not run then
   */
  default boolean atEndOfTurn(Runnable task) {
    return false;
  }

  @Override
  default void run() {
    told();
  }
}
