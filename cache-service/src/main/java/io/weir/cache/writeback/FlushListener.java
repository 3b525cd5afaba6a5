package io.weir.cache.writeback;

import io.weir.cache.store.FlushReceipt;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who wants to know what write-back does; called by its thread. */
public interface FlushListener {

  /** How a flush ended. */
  enum Result {
    /** The database acknowledged the batch. */
    OK,
    /** The database refused every row for its data; nothing was brought. */
    REJECTED,
    /** The database did not answer, or could not write; the batch is tried again. */
    FAILED,
    /** Another leader has taken over. */
    FENCED
  }

  /**
   * A flush has ended.
   *
   * @param receipt of the database; null when it did not acknowledge the batch
   */
  void flushed(Result result, int entries, @Nullable FlushReceipt receipt, Duration took);
}
