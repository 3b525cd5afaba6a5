package io.weir.cli.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a load has measured, the warm-up left out.
 *
 * @param seconds that were measured
 * @param perSecond successful operations, all kinds together
 * @param operations of each kind that occurred
 * @param hitRatio share of the reads that the servers answered from memory, by their own account;
 *     null when they gave none
 * @param absentReads reads that found no entry; they count as successes
 * @param errors by kind, those that occurred
 * @param acknowledgedWrites since the start, warm-up included
 * @param ambiguousWrites likewise: sent, and not answered
 */
public record LoadReport(
    double seconds,
    double perSecond,
    List<Latency> operations,
    @Nullable Double hitRatio,
    long absentReads,
    Map<String, Long> errors,
    long acknowledgedWrites,
    long ambiguousWrites,
    Cpu cpu) {

  /**
   * The latencies of one kind of operation, in microseconds, from the request to the complete
   * answer.
   */
  public record Latency(
      String operation,
      long count,
      double perSecond,
      double p50,
      double p95,
      double p99,
      double p999,
      double max) {

    static Latency of(Operation operation, Histogram nanos, double seconds) {
      return new Latency(
          operation.toString(),
          nanos.getTotalCount(),
          nanos.getTotalCount() / seconds,
          micros(nanos.getValueAtPercentile(50)),
          micros(nanos.getValueAtPercentile(95)),
          micros(nanos.getValueAtPercentile(99)),
          micros(nanos.getValueAtPercentile(99.9)),
          micros(nanos.getMaxValue()));
    }

    private static double micros(long nanos) {
      return nanos / 1_000.0;
    }
  }

  /**
   * What the generator itself used.
   *
   * @param cores of the whole process, 1 being one core all the time
   * @param busiestLoop share of the time in which the busiest event loop ran; near 1 the generator
   *     is the bottleneck, and more threads are needed
   * @param threads number of event loops
   */
  public record Cpu(double cores, double busiestLoop, int threads) {

    /** Tells whether the figures say more about the generator than about the servers. */
    public boolean nearItsLimit() {
      return busiestLoop > 0.9;
    }
  }

  /** Number of successful operations. */
  public long succeeded() {
    return operations.stream().mapToLong(Latency::count).sum();
  }

  /** Number of failed operations. */
  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }
}
