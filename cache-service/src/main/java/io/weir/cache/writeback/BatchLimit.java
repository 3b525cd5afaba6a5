package io.weir.cache.writeback;

/**
 * The bounds of the next batch: less after one that the database did not take, so that what takes
 * too long for its time-outs comes back smaller; twice as much after each that it took.
 *
 * <p><b>Concurrency.</b> The write-back thread's own.
 */
final class BatchLimit {

  private static final int MOST_HALVINGS = 20;

  private final FlushSettings settings;
  private int halvings;

  BatchLimit(FlushSettings settings) {
    this.settings = settings;
  }

  /** Most entries of the next batch, at least one. */
  int entries() {
    return Math.max(1, settings.batchEntries() >> halvings);
  }

  /** Most bytes of the next batch, at least one. */
  long bytes() {
    return Math.max(1, settings.batchBytes() >> halvings);
  }

  /** The database took no batch. */
  void failed() {
    halvings = Math.min(MOST_HALVINGS, halvings + 1);
  }

  /** It took one. */
  void passed() {
    halvings = Math.max(0, halvings - 1);
  }
}
