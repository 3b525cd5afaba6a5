package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes since the engine began.
 *
 * @param puts acknowledged puts
 * @param deletes acknowledged deletes
 * @param shed writes refused for too much dirty data
 */
public record WriteStatistics(long puts, long deletes, long shed) {

  /** Counts them. Safe for use by many threads. */
  static final class Counter {

    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder shed = new LongAdder();

    /** A write of this value, or with null a delete, was acknowledged. */
    void acknowledged(@Nullable Value value) {
      (value == null ? deletes : puts).increment();
    }

    void shed() {
      shed.increment();
    }

    WriteStatistics now() {
      return new WriteStatistics(puts.sum(), deletes.sum(), shed.sum());
    }
  }
}
