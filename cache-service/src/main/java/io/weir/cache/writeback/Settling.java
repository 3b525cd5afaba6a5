package io.weir.cache.writeback;

import io.weir.cache.journal.Mutation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The flushes that the database has committed and that the journal has yet to hear of: each is kept
 * for a while, since a database that fails over may lose the last moments of what it has committed.
 * What they brought stays dirty until then.
 *
 * <p>Only keys and versions are kept, so that values that were replaced since take no room.
 *
 * <p><b>Ordering.</b> By their numbers. Each flush is committed only where the one before it is, so
 * that a database which holds one of them holds all before it.
 *
 * <p><b>Concurrency.</b> The write-back thread's own, {@link #oldestNanos} and {@link #entries}
 * excepted.
 */
final class Settling {

  private final long settleNanos;
  private final Deque<Flush> flushes = new ArrayDeque<>();

  private volatile long oldestNanos = Long.MAX_VALUE;
  private final AtomicInteger entries = new AtomicInteger();

  /** When the database is looked at next, at the earliest. */
  private long nextLookNanos;

  /**
   * One of them.
   *
   * @param told what the journal is told of it
   */
  record Flush(long number, List<Mutation> told, long dirtySinceNanos, long committedNanos) {

    /** How many keys it brought. */
    int flushed() {
      return told.size() - 1;
    }
  }

  /**
   * @param settle how long a flush is kept
   */
  Settling(Duration settle) {
    this.settleNanos = settle.toNanos();
  }

  /**
   * Keeps a flush.
   *
   * @param flushed what it has brought, as the journal is told it
   * @param dirtySinceNanos since when the oldest of that is dirty
   * @param nowNanos when the database said that it is committed
   */
  void add(long number, List<Mutation> flushed, long dirtySinceNanos, long nowNanos) {
    List<Mutation> told = new ArrayList<>(flushed.size() + 1);
    told.add(new Mutation.FlushAcknowledged(number)); // Before anything of it can leave the memory.
    told.addAll(flushed);
    if (flushes.isEmpty()) {
      nextLookNanos = nowNanos;
    }
    flushes.addLast(new Flush(number, told, dirtySinceNanos, nowNanos));
    entries.addAndGet(flushed.size());
    oldestNanos = Math.min(oldestNanos, dirtySinceNanos);
  }

  /** Whether there is none, so that all that was flushed is acknowledged. */
  boolean isEmpty() {
    return flushes.isEmpty();
  }

  /** Whether some have been kept for long enough, and were not looked for a moment ago. */
  boolean isDue(long nowNanos) {
    return !flushes.isEmpty()
        && nowNanos - flushes.getFirst().committedNanos() >= settleNanos
        && nowNanos - nextLookNanos >= 0;
  }

  /** When some of them {@link #isDue}; {@code Long.MAX_VALUE} when there is none. */
  long nextNanos() {
    Flush first = flushes.peekFirst();
    return first == null
        ? Long.MAX_VALUE
        : Math.max(first.committedNanos() + settleNanos, nextLookNanos);
  }

  /** Whether the database is to be asked before one is acknowledged. */
  boolean needsLook() {
    return settleNanos > 0;
  }

  /** The number of the last one that has been kept for long enough; some {@link #isDue}. */
  long dueNumber(long nowNanos) {
    long number = 0;
    for (Flush flush : flushes) {
      if (nowNanos - flush.committedNanos() >= settleNanos) {
        number = flush.number();
      }
    }
    return number;
  }

  /** The first of them, if its number is not above a bound; null otherwise. */
  @Nullable Flush first(long upTo) {
    Flush first = flushes.peekFirst();
    return first == null || first.number() > upTo ? null : first;
  }

  /** The journal has been told of the first of them. */
  void removeFirst() {
    Flush first = flushes.removeFirst();
    entries.addAndGet(-first.flushed());
    if (first.dirtySinceNanos() == oldestNanos) {
      oldestNanos = flushes.stream().mapToLong(Flush::dirtySinceNanos).min().orElse(Long.MAX_VALUE);
    }
  }

  /** Lets some time pass before the next look. */
  void lookLater(long nowNanos) {
    nextLookNanos = nowNanos + settleNanos / 4;
  }

  /** Drops all: what they brought is flushed again. */
  void clear() {
    flushes.clear();
    entries.set(0);
    oldestNanos = Long.MAX_VALUE;
  }

  /** Ticker nanoseconds since which the oldest is dirty; {@code Long.MAX_VALUE} for none. */
  long oldestNanos() {
    return oldestNanos;
  }

  /** How many keys they brought. */
  int entries() {
    return entries.get();
  }
}
