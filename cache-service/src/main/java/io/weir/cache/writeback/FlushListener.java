package io.weir.cache.writeback;

import java.time.Duration;

/** Who wants to know what write-back does; called by its thread. */
public interface FlushListener {

  /** How a flush ended. */
  enum Result {
    /** The database acknowledged the batch. */
    OK,
    /** The database refused some row's data; the batch is split. */
    REJECTED,
    /** The database did not answer, or could not write; the batch is tried again. */
    FAILED,
    /** Another leader has taken over. */
    FENCED
  }

  /**
   * A flush has ended.
   *
   * @param statements sent to the database; 0 when it failed
   */
  void flushed(Result result, int entries, int statements, Duration took);
}
