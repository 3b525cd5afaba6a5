package io.weir.load.workload;

import java.util.BitSet;

/**
 * The keys that a run adds beyond those it begins with: who is to insert which, and up to which one
 * all are done.
 *
 * <p>With several processes each adds the keys of its own share, and knows of those alone; the n-th
 * insertion is therefore not the n-th key, see {@link #key}.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads.
 */
public final class Insertions {

  /** Keys of a run at most; their numbers stay ints. */
  static final int MOST_KEYS = 1 << 30;

  private final int initial;
  private final ClientShare share;
  private final int firstOwn;
  private final BitSet ended = new BitSet(); // Relative to `done`; guarded by this.
  private int claimed; // Guarded by this.
  private volatile int done;

  /**
   * @param initial number of keys at the beginning
   */
  public Insertions(int initial, ClientShare share) {
    this.initial = initial;
    this.share = share;
    this.firstOwn = initial + Math.floorMod(share.index() - initial, share.of());
  }

  /** Takes the next key to insert; -1 when there is no more room. */
  public synchronized int claim() {
    if ((long) firstOwn + (long) claimed * share.of() >= MOST_KEYS) {
      return -1;
    }
    return firstOwn + claimed++ * share.of();
  }

  /** The insertion of a key has succeeded, or has failed for good. */
  public synchronized void end(int key) {
    ended.set((key - firstOwn) / share.of() - done);
    int run = ended.nextClearBit(0);
    // Moved in steps: the last insertions seldom end in order.
    if (run >= 64 || run == ended.length()) {
      BitSet rest = ended.get(run, Math.max(run, ended.length()));
      ended.clear();
      ended.or(rest);
      done += run;
    }
  }

  /** Number of keys that are there: the initial ones, and all insertions before the first open. */
  int count() {
    return initial + done;
  }

  /** Where this process begins when it goes through the initial keys: each one elsewhere. */
  int startOfRound() {
    return (int) ((long) initial * share.index() / share.of());
  }

  /** The key at a place in the order of insertion. */
  int key(int place) {
    return place < initial ? place : firstOwn + (place - initial) * share.of();
  }
}
