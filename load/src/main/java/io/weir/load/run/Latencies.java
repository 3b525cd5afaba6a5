package io.weir.load.run;

import io.weir.load.result.HistogramText;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Latencies of one kind, in nanoseconds.
 *
 * <p><b>Concurrency.</b> One thread records, without locks; one other drains.
 */
final class Latencies {

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(HistogramText.DIGITS);
  private @Nullable Histogram recycled; // Of the draining thread.

  void record(long nanos) {
    recorder.recordValue(Math.clamp(nanos, 0, HistogramText.MAX_NANOS));
  }

  /** What was recorded since the last call; valid until the next one. */
  Histogram drain() {
    Histogram interval = recorder.getIntervalHistogram(recycled);
    recycled = interval;
    return interval;
  }
}
