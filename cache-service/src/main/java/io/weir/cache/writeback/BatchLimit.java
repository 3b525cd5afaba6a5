package io.weir.cache.writeback;

/**
 * The bounds of the next batch: less after one at whose rows the database has failed, so that what
 * takes too long for its time-outs comes back smaller; twice as much after each that it took.
 *
 * <p><b>Concurrency.</b> The write-back thread's own.
 */
final class BatchLimit {

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

  /** The database failed at rows of a batch, as one does that takes too long. */
  void failed() {
    halvings += entries() > 1 ? 1 : 0;
  }

  /** It took one. */
  void passed() {
    halvings = Math.max(0, halvings - 1);
  }
}
