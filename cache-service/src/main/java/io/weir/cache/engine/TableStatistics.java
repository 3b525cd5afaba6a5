package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the stripes count together. */
final class TableStatistics {

  final LongAdder evictions = new LongAdder();

  /** Writes that a newer write of their key replaced before any flush took them. */
  final LongAdder coalesced = new LongAdder();

  final AtomicLong dirtyEntries = new AtomicLong();
  final AtomicLong quarantined = new AtomicLong();

  /** Dirty entries that no journal holds, and their bytes. */
  final AtomicLong memoryOnlyEntries = new AtomicLong();

  final AtomicLong memoryOnlyBytes = new AtomicLong();
}
