package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The turns in which misses read the database: so many at once, each with one statement.
 *
 * <p>While a turn is free a miss takes it, and reads its own key. Else it waits; a turn that ends
 * goes to the miss that has waited longest, which reads the keys of those behind it too, by the
 * same statement. So the more misses wait, the more of them one statement serves, and a miss that
 * waits for nobody reads as if it were alone. No thread reads more than once for others.
 *
 * <p><b>Invariant.</b> Where somebody waits, all turns are taken.
 *
 * <p><b>Concurrency.</b> One lock, never held while the database is asked. A miss that waits has
 * its own condition. Reads that nobody has asked for come last: see {@link #takeIdle}.
 */
final class LoadTurns {

  private final int most;
  private final Duration maxWait;
  private final IntSupplier batchSize;

  private final ReentrantLock lock = new ReentrantLock();

  /** Signalled when there are fewer turns taken. */
  private final Condition freed = lock.newCondition();

  private final LinkedHashSet<Miss> waiting = new LinkedHashSet<>();
  private int taken;

  /**
   * @param most turns at once
   * @param maxWait how long a miss waits for its turn
   * @param batchSize most keys of a statement
   */
  LoadTurns(int most, Duration maxWait, IntSupplier batchSize) {
    this.most = most;
    this.maxWait = maxWait;
    this.batchSize = batchSize;
  }

  /** One key that is to be read, and the load that ends with it. */
  static final class Miss {

    private final Key key;
    private final Loads.Load load;

    /** Whether its row cannot be read with others. */
    private boolean alone;

    /** Guarded by the turns' lock, like what follows. */
    private State state = State.WAITING;

    private @Nullable Condition changed;
    private List<Miss> batch = List.of();

    /** Whether the thread that waited for it was interrupted meanwhile. For that thread. */
    private boolean interrupted;

    Miss(Key key, Loads.Load load) {
      this.key = key;
      this.load = load;
    }

    /** A miss that is read alone, and first of all that wait. */
    static Miss alone(Key key, Loads.Load load) {
      Miss miss = new Miss(key, load);
      miss.alone = true;
      return miss;
    }

    Key key() {
      return key;
    }

    Loads.Load load() {
      return load;
    }

    /**
     * Interrupts its thread again, if it was while it waited. To be called by that, once it has no
     * turn: a statement that an interrupt ends would fail for others' keys too.
     */
    void interruptAgain() {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    /** Has it read alone the next time. To be called by whose turn it was read in. */
    void leaveOut() {
      alone = true;
    }
  }

  private enum State {
    /** Among {@link LoadTurns#waiting}. */
    WAITING,
    /** In another's batch, or at the head of its own. */
    TAKEN,
    /** Its batch is to be read, or was read by another. */
    CALLED
  }

  /**
   * Waits for a miss's turn, or for another's in which it is read.
   *
   * @return what the caller is to read now, that miss first, and then to {@link #end}; empty when
   *     another has read it, which leaves it undone where it has to be read alone
   * @throws Overloaded when it waits for too long
   */
  List<Miss> await(Miss miss) {
    lock.lock();
    try {
      if (taken < most) {
        taken++;
        return List.of(miss);
      }
      miss.state = State.WAITING;
      if (miss.alone) {
        waiting.addFirst(miss); // It was taken once already.
      } else {
        waiting.addLast(miss);
      }
      return awaitCall(miss, lock.newCondition());
    } finally {
      lock.unlock();
    }
  }

  private List<Miss> awaitCall(Miss miss, Condition changed) {
    miss.changed = changed;
    long left = maxWait.toNanos();
    while (miss.state == State.WAITING && left > 0 && !miss.interrupted) {
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException e) {
        miss.interrupted = true;
      }
    }
    boolean gaveUp = waiting.remove(miss);
    while (!gaveUp && miss.state != State.CALLED) {
      changed.awaitUninterruptibly(); // Somebody's statement has its key.
    }
    if (gaveUp) {
      throw new Overloaded(
          most
              + " reads of the database are in flight, and none ended within "
              + maxWait.toMillis()
              + " ms");
    }
    List<Miss> batch = miss.batch;
    miss.batch = List.of();
    return batch;
  }

  /** Ends a turn, in which these were read; it goes to who has waited longest. */
  void end(List<Miss> read) {
    lock.lock();
    try {
      read.forEach(LoadTurns::call);
      List<Miss> next = nextBatch();
      if (next.isEmpty()) {
        taken--;
        freed.signal();
      } else {
        Miss first = next.getFirst();
        first.batch = next;
        call(first);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void call(Miss miss) {
    miss.state = State.CALLED;
    if (miss.changed != null) {
      miss.changed.signal();
    }
  }

  /** Takes the next ones that one statement can read out of those that wait. */
  private List<Miss> nextBatch() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Miss> batch = new ArrayList<>();
    int size = waiting.getFirst().alone ? 1 : Math.min(batchSize.getAsInt(), waiting.size());
    while (batch.size() < size && (batch.isEmpty() || !waiting.getFirst().alone)) {
      Miss miss = waiting.removeFirst();
      miss.state = State.TAKEN;
      batch.add(miss);
    }
    return batch;
  }

  /**
   * Takes a turn for what nobody waits for, once most of them are free and no miss waits. To be
   * ended like any other.
   *
   * @return false when that takes too long
   */
  boolean takeIdle(Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    lock.lock();
    try {
      while (taken > most / 2) {
        if (left <= 0) {
          return false;
        }
        left = freed.awaitNanos(left);
      }
      taken++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many wait, for a test to see. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
