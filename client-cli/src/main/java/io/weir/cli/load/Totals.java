package io.weir.cli.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Sums over a span of time. Confined to the thread that drains the recorders. */
final class Totals {

  /** Longest latency that is told apart, 10 minutes; the timeout of a request is shorter. */
  static final long MAX_NANOS = 600_000_000_000L;

  /** Three digits: a latency is off by a thousandth at most. */
  static final int DIGITS = 3;

  private final Map<Operation, Histogram> latencies = new EnumMap<>(Operation.class);
  private final Map<ErrorKind, Long> errors = new EnumMap<>(ErrorKind.class);
  private long hits;
  private long misses;
  private long absent;

  /** Those of one kind of operation, in nanoseconds. */
  Histogram latency(Operation operation) {
    return latencies.computeIfAbsent(operation, _ -> new Histogram(MAX_NANOS, DIGITS));
  }

  /** Those of all kinds together. */
  Histogram latency() {
    Histogram all = new Histogram(MAX_NANOS, DIGITS);
    latencies.values().forEach(all::add);
    return all;
  }

  /** Number of errors of each kind that occurred. */
  Map<ErrorKind, Long> errors() {
    return errors;
  }

  long hits() {
    return hits;
  }

  long misses() {
    return misses;
  }

  long absent() {
    return absent;
  }

  long succeeded() {
    return latencies.values().stream().mapToLong(Histogram::getTotalCount).sum();
  }

  long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  void addErrors(ErrorKind kind, long count) {
    if (count > 0) {
      errors.merge(kind, count, Long::sum);
    }
  }

  void addReads(long moreHits, long moreMisses, long moreAbsent) {
    hits += moreHits;
    misses += moreMisses;
    absent += moreAbsent;
  }

  void add(Totals other) {
    other.latencies.forEach((operation, histogram) -> latency(operation).add(histogram));
    other.errors.forEach(this::addErrors);
    addReads(other.hits, other.misses, other.absent);
  }

  void clear() {
    latencies.values().forEach(Histogram::reset);
    errors.clear();
    hits = 0;
    misses = 0;
    absent = 0;
  }
}
