package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The order of the writes to each key. A gate exists only while its key is being written.
 *
 * <p>Blind writes of a key pass together: each takes its version and its place in the journal in
 * one step under the gate's lock, and then waits for its outcome outside of it. A conditional write
 * passes alone: it waits until the earlier ones are applied, and holds later ones back until its
 * own outcome, since what it was decided on must still be true when it is applied.
 *
 * <p><b>Ordering.</b> First come, first served, whatever the kind: who cannot pass stands in a
 * line, and nobody overtakes it. So blind writes join those that have passed for as long as no
 * conditional one waits, and neither kind can keep the other out.
 *
 * <p><b>Concurrency.</b> A gate's lock is held for no I/O: holding the gate while a conditional
 * write reads the database is a state, not a lock, and holds back that key alone. Whoever ends lets
 * the first of the line pass, in its stead, before it is awake, and the next for as long as they
 * may pass together.
 *
 * <p><b>Invariant.</b> With the lock free, the first of the line could not pass.
 */
final class KeyGates {

  private final ConcurrentHashMap<Key, Gate> gates = new ConcurrentHashMap<>();
  private final Duration maxWait;

  KeyGates(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /** Returns the key's gate; every call is matched by one of {@link #leave}. */
  Gate enter(Key key) {
    Gate entered =
        gates.compute(
            key,
            (k, gate) -> {
              Gate used = gate == null ? new Gate(k) : gate;
              used.users++;
              return used;
            });
    return entered;
  }

  /** Gives a gate back. */
  void leave(Gate gate) {
    gates.compute(gate.key, (k, current) -> --gate.users == 0 ? null : gate);
  }

  /** Whether no key is being written. A gate that was entered before the call is not missed. */
  boolean isIdle() {
    // Not by size(), whose sum may have seen the leaving of one gate and not the entering.
    return !gates.keySet().iterator().hasNext();
  }

  /** A write that waits for its turn. Guarded by its gate's lock. */
  private static final class Waiter {

    private final boolean alone;
    private boolean passed;

    Waiter(boolean alone) {
      this.alone = alone;
    }
  }

  /** The gate of one key. */
  final class Gate {

    private final Key key;
    private final ReentrantLock lock = new ReentrantLock();

    /** Writers that hold this gate. Guarded by the map's own lock of the key. */
    private int users;

    /**
     * Blind writes that have passed and have no outcome. Guarded by {@link #lock}, as all below.
     */
    private int proposed;

    /** Whether a conditional write has passed and has no outcome. */
    private boolean exclusive;

    /**
     * Who waits, in order, and what tells them all that somebody has passed; rare, so made late.
     */
    private @Nullable Deque<Waiter> line;

    private @Nullable Condition changed;

    private Gate(Key key) {
      this.key = key;
    }

    /**
     * Lets a blind write pass, and holds the lock for its proposal.
     *
     * @throws Overloaded when the writes before it take too long
     */
    void lockForProposal() {
      lock.lock();
      boolean passed = false;
      try {
        pass(false);
        passed = true;
      } finally {
        if (!passed) {
          lock.unlock();
        }
      }
    }

    void unlock() {
      lock.unlock();
    }

    /**
     * Whether no other blind write has passed and is without an outcome, proposed or about to be.
     * With the lock held.
     */
    boolean isOnlyProposal() {
      return proposed == 1;
    }

    /** The outcome of a blind write is known. */
    void proposalEnded() {
      lock.lock();
      try {
        proposed--;
        letPass();
      } finally {
        lock.unlock();
      }
    }

    /**
     * Lets a conditional write pass, alone.
     *
     * @throws Overloaded when the writes before it take too long
     */
    void beginExclusive() {
      lock.lock();
      try {
        pass(true);
      } finally {
        lock.unlock();
      }
    }

    /** Lets a conditional write pass, alone, if it may at once; it does not stand in the line. */
    boolean tryExclusive() {
      lock.lock();
      try {
        return tryPass(true);
      } finally {
        lock.unlock();
      }
    }

    /** The outcome of the conditional write is known. */
    void endExclusive() {
      lock.lock();
      try {
        exclusive = false;
        letPass();
      } finally {
        lock.unlock();
      }
    }

    private boolean mayPass(boolean alone) {
      return !exclusive && !(alone && proposed > 0);
    }

    private void note(boolean alone) {
      if (alone) {
        exclusive = true;
      } else {
        proposed++;
      }
    }

    private void letPass() {
      if (line == null || changed == null) {
        return;
      }
      for (Waiter first = line.peekFirst();
          first != null && mayPass(first.alone);
          first = line.peekFirst()) {
        line.removeFirst();
        note(first.alone);
        first.passed = true;
        changed.signalAll();
      }
    }

    private void pass(boolean alone) {
      if (!tryPass(alone)) {
        await(alone);
      }
    }

    private boolean tryPass(boolean alone) {
      boolean passes = (line == null || line.isEmpty()) && mayPass(alone);
      if (passes) {
        note(alone);
      }
      return passes;
    }

    private void await(boolean alone) {
      Deque<Waiter> waiting = line;
      Condition passing = changed;
      if (waiting == null || passing == null) {
        waiting = new ArrayDeque<>(2);
        passing = lock.newCondition();
        line = waiting;
        changed = passing;
      }
      Waiter waiter = new Waiter(alone);
      waiting.addLast(waiter);
      String why = "another write of the key did not end within " + maxWait.toMillis() + " ms";
      long nanosLeft = maxWait.toNanos();
      try {
        while (!waiter.passed && nanosLeft > 0) {
          nanosLeft = passing.awaitNanos(nanosLeft);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        why = "the server is stopping";
      }
      if (!waiter.passed) {
        waiting.remove(waiter);
        letPass(); // Those behind it may pass together with those that have.
        throw new Overloaded(why);
      }
    }
  }
}
