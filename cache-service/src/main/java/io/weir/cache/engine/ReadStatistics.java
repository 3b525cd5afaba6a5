package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;
import java.util.concurrent.atomic.LongAdder;

/**
 * Reads, and the reads of the database that they led to, since the engine began.
 *
 * @param hits reads answered from memory, negative entries included
 * @param misses reads that had to ask the database, or to wait for another that did
 * @param loadsFound reads of the database that found a row
 * @param loadsAbsent reads of the database that found none
 * @param loadsFailed reads of the database that failed
 * @param statements sent for them; one may read several keys
 * @param ahead reads of the database for keys that nobody had asked for here, found or not
 * @param foreignLoads reads of the database that found a row which the shard had not written
 * @param foreignScans the same of scans
 */
public record ReadStatistics(
    long hits,
    long misses,
    long loadsFound,
    long loadsAbsent,
    long loadsFailed,
    long statements,
    long ahead,
    long foreignLoads,
    long foreignScans) {

  /** Counts them. Safe for use by many threads. */
  static final class Counter {

    private final LongAdder misses = new LongAdder();
    private final LongAdder loadsFound = new LongAdder();
    private final LongAdder loadsAbsent = new LongAdder();
    private final LongAdder loadsFailed = new LongAdder();
    private final LongAdder statements = new LongAdder();
    private final LongAdder ahead = new LongAdder();

    void missed() {
      misses.increment();
    }

    void loaded(Versioned row) {
      (row.value() == null ? loadsAbsent : loadsFound).increment();
    }

    void loadFailed() {
      loadsFailed.increment();
    }

    void statement() {
      statements.increment();
    }

    void ahead(int loads) {
      ahead.add(loads);
    }

    /** All of them, with the hits, which the table counts. */
    ReadStatistics now(long hits, ForeignRows foreign) {
      return new ReadStatistics(
          hits,
          misses.sum(),
          loadsFound.sum(),
          loadsAbsent.sum(),
          loadsFailed.sum(),
          statements.sum(),
          ahead.sum(),
          foreign.loads(),
          foreign.scans());
    }
  }
}
