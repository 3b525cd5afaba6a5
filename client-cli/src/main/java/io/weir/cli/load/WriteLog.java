package io.weir.cli.load;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged: for each key the number of its last acknowledged write, and whether a
 * later one was sent whose outcome is unknown. Four bytes a key.
 *
 * <p><b>Concurrency.</b> A key has one writer at a time, which alone touches its element; distinct
 * elements of an array do not disturb each other. The totals may be read at any time, all else once
 * the run has ended.
 *
 * <p><b>Ordering.</b> The writes of a key are numbered from 1; a write that was certainly not
 * applied gives its number back. After a write of unknown outcome the key is not written again:
 * that write may still be on its way, and could land on top of a later one, which an audit could
 * not tell from a lost write. So a key holds the last acknowledged write, or the one after it if
 * that one's outcome is unknown, and nothing else.
 */
public final class WriteLog {

  /** What a value read back says about the writes that were acknowledged. */
  public enum Verdict {
    /** Nothing was acknowledged under this key; there is nothing to check. */
    UNTOUCHED,
    /** The last acknowledged write, or the one of unknown outcome after it. */
    INTACT,
    /** There is no value, though one was acknowledged. */
    MISSING,
    /** An older write than the one acknowledged last. */
    STALE,
    /** Damaged, or the value of another key. */
    CORRUPT
  }

  private final KeySpace keys;
  private final int run;
  private final int valueSize;
  private final int[] states;
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder ambiguous = new LongAdder();

  /**
   * @param run tells the values of this log from those that earlier ones have left
   */
  public WriteLog(KeySpace keys, int valueSize, int run) {
    this.keys = keys;
    this.run = run;
    this.valueSize = valueSize;
    this.states = new int[keys.count()];
  }

  public KeySpace keys() {
    return keys;
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
    return count(key) > 0;
  }

  boolean isWritable(int key) {
    return !isOpen(key);
  }

  /** Opens the key's next write and returns its sequence. */
  long begin(int key) {
    int next = count(key) + 1;
    states[key] |= 1;
    return (long) run << 32 | next;
  }

  void acknowledge(int key) {
    states[key] = (count(key) + 1) << 1;
    acknowledged.increment();
  }

  /** The open write was certainly not applied. */
  void reject(int key) {
    states[key] &= ~1;
  }

  /** The open write may have been applied, or may still be. It stays open. */
  void lose() {
    ambiguous.increment();
  }

  /**
   * Judges what a key holds.
   *
   * @param value null when there is no entry
   */
  public Verdict check(int key, byte @Nullable [] value) {
    int last = count(key);
    if (last == 0) {
      return Verdict.UNTOUCHED;
    }
    if (value == null) {
      return Verdict.MISSING;
    }
    if (valueSize < ValuePattern.MIN_SIZE) {
      return value.length == valueSize ? Verdict.INTACT : Verdict.CORRUPT;
    }
    ValuePattern.Stamp stamp = ValuePattern.decode(value);
    if (stamp == null
        || value.length != valueSize
        || stamp.keyHash() != ValuePattern.hash(keys.bytes(key))) {
      return Verdict.CORRUPT;
    }
    int number = (int) stamp.sequence();
    boolean ours = stamp.sequence() >>> 32 == Integer.toUnsignedLong(run);
    boolean accepted = number == last || (isOpen(key) && number == last + 1);
    return ours && accepted ? Verdict.INTACT : Verdict.STALE;
  }

  private int count(int key) {
    return states[key] >>> 1;
  }

  private boolean isOpen(int key) {
    return (states[key] & 1) != 0;
  }
}
