package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.Waiting;
import io.weir.cache.kv.Write;
import java.util.List;

/**
 * When a flush is due, and of what.
 *
 * <p>A commit costs the database the same whether it brings one row or a thousand, so whatever the
 * reason is, much goes at once:
 *
 * <ul>
 *   <li><b>Age.</b> When the oldest entry is {@code max-age} old, or somebody asks, all that is
 *       older than a fifth of that goes, batch after batch. So at a low rate there is one commit
 *       for each four fifths of {@code max-age}, and an entry is dirty for between one fifth of it
 *       and the whole. What is younger stays: it was written just now, and may be again.
 *   <li><b>Room.</b> Above the low watermark, or when many entries wait, whole batches go until
 *       three quarters of either are left. What is written again and again goes last.
 *   <li><b>Eviction.</b> When it waits for a dirty entry, those that it would come to next go too.
 * </ul>
 *
 * <p>What waits in no queue counts nowhere here: more flushes would not make it less.
 *
 * <p><b>Concurrency.</b> The write-back thread's own.
 */
final class FlushDue {

  /** Which share of {@code max-age} an entry must have reached to go with an older one. */
  private static final long SHARE_OF_AGE = 5;

  /** The share of the watermark that is left when enough was flushed. */
  private static final double ENOUGH = 0.75;

  private final DirtySet dirtySet;
  private final FlushSettings settings;
  private final BatchLimit limit;
  private final long maxAgeNanos;

  /** All that became dirty at this moment or before is due. Never moves back. */
  private long sinceNanos = Long.MIN_VALUE;

  /** Whether the watermark was crossed, and not enough was flushed since. */
  private boolean makingRoom;

  /**
   * @param limit the bounds of a batch
   */
  FlushDue(DirtySet dirtySet, FlushSettings settings, BatchLimit limit) {
    this.dirtySet = dirtySet;
    this.settings = settings;
    this.limit = limit;
    this.maxAgeNanos = settings.maxAge().toNanos();
  }

  /** Somebody asks for all that became dirty at a moment or before. */
  void ask(long dirtySinceNanos) {
    sinceNanos = Math.max(sinceNanos, dirtySinceNanos);
  }

  /** Takes what the next flush is to bring; nothing when none is due. */
  List<Write> take(long nowNanos, Waiting waiting) {
    int entries = limit.entries();
    long bytes = limit.bytes();
    look(nowNanos, waiting);
    if (waiting.oldestNanos() <= sinceNanos) {
      return dirtySet.take(sinceNanos, entries, bytes);
    }
    if (makingRoom) {
      return dirtySet.takeForRoom(entries, bytes);
    }
    return waiting.parked() ? dirtySet.takeForEviction(entries, bytes) : List.of();
  }

  /** When the next flush is due if nothing else happens: now, or at a moment that is to come. */
  long nextNanos(long nowNanos, Waiting waiting) {
    if (waiting.isNothing()) {
      return Long.MAX_VALUE;
    }
    look(nowNanos, waiting);
    boolean now = makingRoom || waiting.parked() || waiting.oldestNanos() <= sinceNanos;
    return now ? nowNanos : waiting.oldestNanos() + maxAgeNanos;
  }

  private void look(long nowNanos, Waiting waiting) {
    if (waiting.oldestNanos() <= nowNanos - maxAgeNanos) {
      ask(nowNanos - maxAgeNanos / SHARE_OF_AGE);
    }
    double full =
        Math.max(
            share(waiting.bytes(), settings.lowWatermarkBytes()),
            share(waiting.entries(), dirtySet.manyEntries()));
    makingRoom = full > (makingRoom ? ENOUGH : 1) && !waiting.isNothing();
  }

  private static double share(long part, long whole) {
    return part == 0 ? 0 : (double) part / whole;
  }
}
