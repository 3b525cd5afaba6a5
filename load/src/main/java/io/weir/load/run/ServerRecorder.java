package io.weir.load.run;

import io.weir.client.CacheStatus;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the clients of one event loop have measured at one cache server.
 *
 * <p><b>Concurrency.</b> Written by that loop alone, without locks; drained by one other thread.
 */
final class ServerRecorder {

  private final Latencies service = new Latencies();
  private final LongAdder errors = new LongAdder();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  void succeeded(long nanos) {
    service.record(nanos);
  }

  void failed() {
    errors.increment();
  }

  void read(CacheStatus status) {
    if (status == CacheStatus.HIT) {
      hits.increment();
    } else if (status == CacheStatus.MISS) {
      misses.increment();
    }
  }

  /** Hands over to the totals what has happened since the last call. */
  void drainTo(Totals.Server totals) {
    totals.add(service.drain(), errors.sumThenReset(), hits.sumThenReset(), misses.sumThenReset());
  }
}
