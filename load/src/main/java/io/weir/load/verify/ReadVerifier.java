package io.weir.load.verify;

import io.weir.load.result.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Judges each read while the load runs: it must return a write that is not older than any that was
 * acknowledged, or had been read by anyone in this process, before the read began.
 *
 * <p>A key's {@link #floor} when a read begins is that oldest write. What another process writes is
 * checked for damage only, since nobody here knows what was acknowledged there.
 *
 * <p>It never accuses wrongly; of deletes it does not see everything: a read that finds nothing is
 * accepted when two or more writes of its key ended while it was under way and any delete is among
 * all the writes of the run, and it raises no floor.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads.
 */
public final class ReadVerifier {

  private static final int MOST_EXAMPLES = 10;
  private static final long FLOOR_IS_DELETE = 1;

  private final WriteLog log;
  private final IntsByKey seen = new IntsByKey();
  private final LongAdder checked = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder corrupt = new LongAdder();
  private final LongAdder missing = new LongAdder();
  private final List<String> examples = new ArrayList<>(); // Guarded by itself.

  public ReadVerifier(WriteLog log) {
    this.log = log;
  }

  /** What a read of a key that begins now must return at least; for {@link #check}. */
  public long floor(int key) {
    int state = log.state(key);
    int acknowledged = WriteLog.count(state);
    int read = seen.get(key);
    if (read > acknowledged) {
      return (long) read << 1;
    }
    boolean deleted = (state & WriteLog.DELETED) != 0;
    return (long) acknowledged << 1 | (deleted ? FLOOR_IS_DELETE : 0);
  }

  /**
   * Judges the answer to a read.
   *
   * @param floor when it began
   * @param value begins with what was read; null when there was no entry
   * @param size of what was read
   * @param server that answered, for the example
   */
  public Verdict check(int key, long floor, byte @Nullable [] value, int size, Object server) {
    int state = log.state(key);
    checked.increment();
    if (value == null) {
      if (mayBeAbsent(state, floor)) {
        return Verdict.INTACT;
      }
      missing.increment();
      example(key, floor, "found no entry", server);
      return Verdict.MISSING;
    }
    ValuePattern.Stamp stamp = ValuePattern.decode(value, size);
    if (stamp == null) {
      return corrupt(key, floor, "returned a damaged value", server);
    }
    if (stamp.keyHash() != ValuePattern.hash(log.keys().bytes(key))) {
      return corrupt(key, floor, "returned another key's value", server);
    }
    long oldest = floor >>> 1;
    if (stamp.run() != log.run()) {
      return oldest == 0
          ? Verdict.INTACT
          : stale(key, floor, "returned a value of an earlier run", server);
    }
    int number = stamp.number();
    int begun = WriteLog.count(state) + ((state & WriteLog.OPEN) != 0 ? 1 : 0);
    if (number < 1 || number > begun) {
      return corrupt(key, floor, "returned write " + number + ", which was never sent", server);
    }
    if (number < oldest || (number == oldest && (floor & FLOOR_IS_DELETE) != 0)) {
      return stale(key, floor, "returned write " + number, server);
    }
    seen.raise(key, number);
    return Verdict.INTACT;
  }

  private boolean mayBeAbsent(int state, long floor) {
    long oldest = floor >>> 1;
    return oldest == 0
        || (floor & FLOOR_IS_DELETE) != 0
        || (state & WriteLog.OPEN_DELETE) != 0
        || ((state & WriteLog.DELETED) != 0 && WriteLog.count(state) >= oldest)
        || (log.isDeleting() && WriteLog.count(state) >= oldest + 2);
  }

  private Verdict corrupt(int key, long floor, String what, Object server) {
    corrupt.increment();
    example(key, floor, what, server);
    return Verdict.CORRUPT;
  }

  private Verdict stale(int key, long floor, String what, Object server) {
    stale.increment();
    example(key, floor, what, server);
    return Verdict.STALE;
  }

  private void example(int key, long floor, String what, Object server) {
    synchronized (examples) {
      if (examples.size() < MOST_EXAMPLES) {
        String before =
            floor >>> 1 == 0
                ? ""
                : " after "
                    + ((floor & FLOOR_IS_DELETE) != 0 ? "delete " : "write ")
                    + (floor >>> 1)
                    + " of it was acknowledged or read";
        examples.add("a read of " + log.keys().key(key) + before + " " + what + " from " + server);
      }
    }
  }

  /** What was found so far. */
  public Verification result() {
    synchronized (examples) {
      return new Verification(checked.sum(), stale.sum(), corrupt.sum(), missing.sum(), examples);
    }
  }
}
