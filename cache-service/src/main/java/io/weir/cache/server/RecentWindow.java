package io.weir.cache.server;

import io.weir.cache.engine.Ticker;
import io.weir.model.Spared;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A sliding window over counters: how much they have grown in the last five minutes, or since the
 * process started, if that is less. What was counted once at the start, such as the filling of an
 * empty cache, is forgotten by it, unlike by totals.
 *
 * <p>It keeps what the counters were at marks {@link #STEP} apart, and tells the growth since the
 * youngest mark that is as old as the window is long. So it is of up to one step more, and says so.
 * Marks are set by whoever asks: with the heartbeats, every two seconds. After a longer silence the
 * window is longer too.
 *
 * <p><b>Concurrency.</b> Its lock is held for one call, in which nothing waits.
 */
final class RecentWindow {

  static final Duration LENGTH = Duration.ofMinutes(5);
  static final Duration STEP = Duration.ofSeconds(10);

  private final Ticker ticker;
  private final Deque<Mark> marks = new ArrayDeque<>(); // The oldest first, never empty.

  /** Starts with all counters at 0. */
  RecentWindow(Ticker ticker) {
    this.ticker = ticker;
    marks.add(new Mark(ticker.nanos(), new Counts(0, 0, 0, 0)));
  }

  /** What has been counted since the process started, as {@link Spared} has it. */
  record Counts(long writes, long rows, long commits, long statements) {}

  private record Mark(long nanos, Counts counts) {}

  /** Returns the growth up to these counts, which are those of now. */
  synchronized Spared upTo(Counts now) {
    long nanos = ticker.nanos();
    if (nanos - marks.getLast().nanos >= STEP.toNanos()) {
      marks.addLast(new Mark(nanos, now));
    }
    Mark from = marks.removeFirst();
    while (!marks.isEmpty() && nanos - marks.getFirst().nanos >= LENGTH.toNanos()) {
      from = marks.removeFirst();
    }
    marks.addFirst(from);
    return new Spared(
        (nanos - from.nanos) / 1e9,
        now.writes - from.counts.writes,
        now.rows - from.counts.rows,
        now.commits - from.counts.commits,
        now.statements - from.counts.statements);
  }
}
