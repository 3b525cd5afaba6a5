package io.weir.cli.load;

import io.weir.client.CacheStatus;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one event loop have measured.
 *
 * <p><b>Concurrency.</b> Written by that loop alone, without locks; drained by one other thread.
 */
final class LoopRecorder {

  private final Latencies gets = new Latencies();
  private final Latencies puts = new Latencies();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder absent = new LongAdder();
  private final Map<ErrorKind, LongAdder> errors = new EnumMap<>(ErrorKind.class);

  /** A recorder, and the histogram that it takes back at each draining. */
  private static final class Latencies {
    final SingleWriterRecorder recorder = new SingleWriterRecorder(Totals.MAX_NANOS, Totals.DIGITS);
    @Nullable Histogram recycled;

    Histogram drain() {
      Histogram interval = recorder.getIntervalHistogram(recycled);
      recycled = interval;
      return interval;
    }
  }

  LoopRecorder() {
    for (ErrorKind kind : ErrorKind.values()) {
      errors.put(kind, new LongAdder());
    }
  }

  void succeeded(Operation operation, long nanos) {
    Latencies latencies = operation == Operation.GET ? gets : puts;
    latencies.recorder.recordValue(Math.clamp(nanos, 0, Totals.MAX_NANOS));
  }

  void read(CacheStatus status, boolean wasAbsent) {
    if (status == CacheStatus.HIT) {
      hits.increment();
    } else if (status == CacheStatus.MISS) {
      misses.increment();
    }
    if (wasAbsent) {
      absent.increment();
    }
  }

  void failed(ErrorKind kind) {
    errors.computeIfAbsent(kind, _ -> new LongAdder()).increment();
  }

  /** Hands over to the totals what has happened since the last call. */
  void drainTo(Totals totals) {
    totals.latency(Operation.GET).add(gets.drain());
    totals.latency(Operation.PUT).add(puts.drain());
    totals.addReads(hits.sumThenReset(), misses.sumThenReset(), absent.sumThenReset());
    errors.forEach((kind, count) -> totals.addErrors(kind, count.sumThenReset()));
  }
}
