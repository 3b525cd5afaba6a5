package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/**
 * What an entry carries while the database does not hold its version yet. Guarded by the stripe's
 * write lock.
 *
 * <p>An entry is <i>dirty</i> while it waits in a queue, <i>flushing</i> while {@link
 * #flushingVersion} is set, both when it was written again during the flush, <i>set aside</i> when
 * some row of its statement has failed, and <i>quarantined</i> when it was that row.
 */
final class Dirt {

  /** The entry of its key, which is another after each write. */
  Entry entry;

  /** Ticker nanoseconds of the oldest write that is not in the database and not in a flush. */
  long sinceNanos;

  /** The version that a flush in progress carries; 0 when there is none. */
  long flushingVersion;

  /** {@link #sinceNanos} as it was when a flush took the entry last; the largest before that. */
  long flushingSinceNanos = Long.MAX_VALUE;

  /** Bytes of the dirty budget, or of the quarantine's, that this entry holds. */
  int reservedBytes;

  /** Whether no journal holds this version: a crash would lose it. */
  boolean memoryOnly;

  /** Whether this version is set aside, so that no batch meets it. */
  boolean aside;

  /** Whether it is set aside since the database does not take it, which was tried. */
  boolean quarantined;

  /** Whether {@link #reservedBytes} are the quarantine budget's. */
  boolean inQuarantineBudget;

  /** Whether it waits in one of the stripe's queues. */
  boolean queued;

  /** Whether it was written again since it was queued. */
  boolean writtenAgain;

  /** Whether the queue that it waits in is the one for what is written again and again. */
  boolean hot;

  @Nullable Dirt previous;
  @Nullable Dirt next;

  Dirt(Entry entry) {
    this.entry = entry;
  }
}
