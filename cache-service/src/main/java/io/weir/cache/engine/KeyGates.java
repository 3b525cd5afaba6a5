package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.model.Key;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The order of the writes to each key. A gate exists only while its key is being written.
 *
 * <p>Blind writes of a key pass together: each takes its version and its place in the journal in
 * one step under the gate's lock, and then waits for its outcome outside of it. A conditional write
 * passes alone: it waits until the earlier ones are applied, and holds later ones back until its
 * own outcome, since what it was decided on must still be true when it is applied. Once one waits,
 * no later blind write passes it.
 *
 * <p><b>Concurrency.</b> A gate's lock is held for no I/O: holding the gate while a conditional
 * write reads the database is a state, not a lock, and holds back that key alone.
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

  /** The gate of one key. */
  final class Gate {

    private final Key key;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Writers that hold this gate. Guarded by the map's own lock of the key. */
    private int users;

    /** Proposals whose outcome is open. Guarded by {@link #lock}, as are all below. */
    private int proposed;

    private boolean exclusive;
    private int waitingExclusive;

    private Gate(Key key) {
      this.key = key;
    }

    /**
     * Lets a blind write pass, and holds the lock for its proposal.
     *
     * @throws Overloaded when a conditional write of the key takes too long
     */
    void lockForProposal() {
      lock.lock();
      boolean passed = false;
      try {
        if (exclusive || waitingExclusive > 0) {
          await(false);
        }
        proposed++;
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

    /** Whether the caller's is the only proposal whose outcome is open. With the lock held. */
    boolean isOnlyProposal() {
      return proposed == 1;
    }

    /** The outcome of a blind write is known. */
    void proposalEnded() {
      lock.lock();
      try {
        proposed--;
        signal();
      } finally {
        lock.unlock();
      }
    }

    /**
     * Lets a conditional write pass, alone.
     *
     * @throws Overloaded when the other writes of the key take too long
     */
    void beginExclusive() {
      lock.lock();
      try {
        waitingExclusive++;
        try {
          await(true);
        } finally {
          waitingExclusive--;
          signal(); // Giving up too may be what others wait for.
        }
        exclusive = true;
      } finally {
        lock.unlock();
      }
    }

    /** The outcome of the conditional write is known. */
    void endExclusive() {
      lock.lock();
      try {
        exclusive = false;
        signal();
      } finally {
        lock.unlock();
      }
    }

    private boolean mustWait(boolean alone) {
      return exclusive || (alone ? proposed > 0 : waitingExclusive > 0);
    }

    private void await(boolean alone) {
      long nanosLeft = maxWait.toNanos();
      try {
        while (mustWait(alone)) {
          if (nanosLeft <= 0) {
            throw new Overloaded(
                "another write of the key did not end within " + maxWait.toMillis() + " ms");
          }
          nanosLeft = changed.awaitNanos(nanosLeft);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Overloaded("the server is stopping");
      }
    }

    private void signal() {
      changed.signalAll();
    }
  }
}
