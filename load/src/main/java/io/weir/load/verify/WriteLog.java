package io.weir.load.verify;

import io.weir.load.workload.ClientShare;
import io.weir.load.workload.KeySpace;
import io.weir.load.workload.ValueSizes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged: for each key the number of its last acknowledged write, whether that was a
 * delete, and whether a later one was sent whose outcome is unknown. Four bytes a key.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads. A key has one writer at a time: from
 * {@link #begin} to {@link #acknowledge}, {@link #reject} or {@link #lose} it is that thread's. An
 * acknowledgement is visible to whoever looks after it.
 *
 * <p><b>Ordering.</b> The writes of a key are numbered from 1; a write that was certainly not
 * applied gives its number back. After a write of unknown outcome the key is not written again:
 * that write may still be on its way, and could land on top of a later one, which an audit could
 * not tell from a lost write. So a key holds the last acknowledged write, or the one after it if
 * that one's outcome is unknown, and nothing else.
 */
public final class WriteLog {

  /** A write is open, or its outcome is unknown. */
  static final int OPEN = 1;

  /** That write is a delete. */
  static final int OPEN_DELETE = 2;

  /** The last acknowledged write is a delete. */
  static final int DELETED = 4;

  private static final int COUNT_SHIFT = 3;

  private final KeySpace keys;
  private final ClientShare share;
  private final int run;
  private final int smallestValue;
  private final int largestValue;
  private final IntsByKey states = new IntsByKey();
  private final AtomicInteger end;
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder ambiguous = new LongAdder();
  private volatile boolean deleting;

  /**
   * An empty log.
   *
   * @param share of the keys that this log is about
   * @param run tells the values of this log from those of others
   */
  public WriteLog(KeySpace keys, ClientShare share, ValueSizes valueSizes, int run) {
    this(keys, share, valueSizes.smallest(), valueSizes.largest(), run);
  }

  WriteLog(KeySpace keys, ClientShare share, int smallestValue, int largestValue, int run) {
    this.keys = keys;
    this.share = share;
    this.run = run;
    this.smallestValue = smallestValue;
    this.largestValue = largestValue;
    this.end = new AtomicInteger(keys.count());
  }

  public KeySpace keys() {
    return keys;
  }

  /** The part of the keys that alone are written. */
  public ClientShare share() {
    return share;
  }

  int run() {
    return run;
  }

  int smallestValue() {
    return smallestValue;
  }

  int largestValue() {
    return largestValue;
  }

  /** Every key of the log has a number below this; those that were inserted meanwhile too. */
  public int end() {
    return end.get();
  }

  /** Number of acknowledged writes, all keys together. */
  public long acknowledged() {
    return acknowledged.sum();
  }

  /** Number of writes whose outcome is unknown. */
  public long ambiguous() {
    return ambiguous.sum();
  }

  /** Tells whether any write of the key was acknowledged, so that it is worth reading back. */
  public boolean isAcknowledged(int key) {
    return count(states.get(key)) > 0;
  }

  /**
   * Opens the key's next write.
   *
   * @return its sequence, which is positive; 0 when another is open, or the key is another
   *     process's
   */
  public long begin(int key, boolean delete) {
    int state = states.get(key);
    if ((state & OPEN) != 0 || !share.owns(key)) {
      return 0;
    }
    if (delete && !deleting) {
      deleting = true;
    }
    if (!states.compareAndSet(key, state, state | OPEN | (delete ? OPEN_DELETE : 0))) {
      return 0;
    }
    if (key >= end.get()) {
      end.accumulateAndGet(key + 1, Math::max);
    }
    return (long) run << 32 | (count(state) + 1);
  }

  /** The open write was applied. */
  public void acknowledge(int key) {
    int state = states.get(key);
    int deleted = (state & OPEN_DELETE) != 0 ? DELETED : 0;
    states.set(key, (count(state) + 1) << COUNT_SHIFT | deleted);
    acknowledged.increment();
  }

  /** The open write was certainly not applied. */
  public void reject(int key) {
    states.set(key, states.get(key) & ~(OPEN | OPEN_DELETE));
  }

  /** The open write may have been applied, or may still be. It stays open. */
  public void lose() {
    ambiguous.increment();
  }

  /**
   * Judges what a key holds, when nobody writes any more.
   *
   * @param value null when there is no entry
   */
  public Verdict check(int key, byte @Nullable [] value) {
    int state = states.get(key);
    int last = count(state);
    if (last == 0) {
      return Verdict.UNTOUCHED;
    }
    boolean deleted = (state & DELETED) != 0;
    boolean maybeDeleted = (state & OPEN_DELETE) != 0;
    if (value == null) {
      return deleted || maybeDeleted ? Verdict.INTACT : Verdict.MISSING;
    }
    if (value.length < smallestValue || value.length > largestValue) {
      return Verdict.CORRUPT;
    }
    if (value.length < ValuePattern.MIN_SIZE) {
      return deleted ? Verdict.STALE : Verdict.INTACT;
    }
    ValuePattern.Stamp stamp = ValuePattern.decode(value, value.length);
    if (stamp == null || stamp.keyHash() != ValuePattern.hash(keys.bytes(key))) {
      return Verdict.CORRUPT;
    }
    int number = stamp.number();
    boolean isLast = !deleted && number == last;
    boolean isOpen = (state & OPEN) != 0 && !maybeDeleted && number == last + 1;
    return stamp.run() == run && (isLast || isOpen) ? Verdict.INTACT : Verdict.STALE;
  }

  /** The key's raw state: the bits above, and {@link #count}. */
  int state(int key) {
    return states.get(key);
  }

  /** Whether any write so far was a delete. */
  boolean isDeleting() {
    return deleting;
  }

  /** Number of the last acknowledged write in a state. */
  static int count(int state) {
    return state >>> COUNT_SHIFT;
  }

  /** Takes over a state from a file. */
  void restore(int key, int state) {
    states.set(key, state);
    end.accumulateAndGet(key + 1, Math::max);
  }

  /** Takes over the totals from a file. */
  void restoreTotals(long acknowledgedWrites, long ambiguousWrites) {
    acknowledged.add(acknowledgedWrites);
    ambiguous.add(ambiguousWrites);
  }
}
