package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the database does not hold now, and how many writes it will never see.
 *
 * @param entries entries whose version the database does not hold
 * @param bytes bytes of the dirty budget in use
 * @param maxBytes high watermark of those
 * @param quarantinedEntries entries that the database does not take, each tried alone
 * @param quarantinedBytes bytes of the quarantine's budget in use
 * @param memoryOnlyEntries dirty entries that no journal holds: a crash would lose them
 * @param memoryOnlyBytes bytes of those
 * @param coalesced writes since the engine began that a newer one replaced before they became a
 *     statement
 */
public record DirtyStatistics(
    long entries,
    long bytes,
    long maxBytes,
    long quarantinedEntries,
    long quarantinedBytes,
    long memoryOnlyEntries,
    long memoryOnlyBytes,
    long coalesced) {

  /**
   * Counts what the ledgers of all stripes hold. Changed under the stripes' locks, read without.
   */
  static final class Counter {

    final AtomicLong entries = new AtomicLong();
    final AtomicLong quarantined = new AtomicLong();
    final AtomicLong memoryOnlyEntries = new AtomicLong();
    final AtomicLong memoryOnlyBytes = new AtomicLong();
    final LongAdder coalesced = new LongAdder();

    DirtyStatistics now(DirtyBudget budget) {
      return new DirtyStatistics(
          entries.get(),
          budget.dirtyBytes(),
          budget.maxBytes(),
          quarantined.get(),
          budget.quarantinedBytes(),
          memoryOnlyEntries.get(),
          memoryOnlyBytes.get(),
          coalesced.sum());
    }
  }
}
