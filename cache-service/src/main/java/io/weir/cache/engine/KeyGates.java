package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.model.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * <p>Most writes of a key pass together: each takes its version and its place in the journal in one
 * step under the gate's lock, and its outcome comes later, without a thread that waits. Until then
 * the gate knows what the write has {@link Proposed} of the key, so that the next one can be
 * decided on that. What has to look at the database, or to be sure of the key for longer, passes
 * alone: it waits until the earlier ones have their outcomes, and holds later ones back.
 *
 * <p><b>Ordering.</b> First come, first served, whatever the kind: who cannot pass stands in a
 * line, and nobody overtakes it. So writes join those that have passed for as long as nobody waits
 * to be alone, and neither kind can keep the other out.
 *
 * <p><b>Concurrency.</b> A gate's lock is held for no I/O: to be alone while the database is read
 * is a state, not a lock, and holds back that key alone. Whoever ends lets the first of the line
 * pass, in its stead, before it is awake, and the next for as long as they may pass together.
 * Several gates are passed, waited for and locked in the order of their keys: {@link Turn}.
 *
 * <p><b>Life.</b> A gate is made with one who holds it, and is in the map from then on. Once the
 * last has left it is dead: nobody enters it any more, and it is removed from the map, as itself,
 * by the one who left it or by one who meets it there. So what is held is in the map, and a key has
 * one gate at a time that is held.
 *
 * <p><b>Invariant.</b> With the lock free, the first of the line could not pass. What is proposed
 * stands in the gate in the order of the journal.
 */
final class KeyGates {

  /** Room from the start for the writes of many clients, whose bins lie apart in memory then. */
  private static final int INITIAL_CAPACITY = 1 << 10;

  private static final VarHandle USERS;

  static {
    try {
      USERS = MethodHandles.lookup().findVarHandle(Gate.class, "users", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ConcurrentHashMap<Key, Gate> gates = new ConcurrentHashMap<>(INITIAL_CAPACITY);
  private final Duration maxWait;

  KeyGates(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /** Returns the key's gate; every call is matched by one of {@link #leave}. */
  Gate enter(Key key) {
    while (true) {
      Gate there = gates.get(key);
      if (there == null) {
        Gate fresh = new Gate(key);
        there = gates.putIfAbsent(key, fresh);
        if (there == null) {
          return fresh;
        }
      }
      if (there.tryUse()) {
        return there;
      }
      gates.remove(key, there); // Dead: who left it last is about to do the same.
    }
  }

  /** Gives a gate back. */
  void leave(Gate gate) {
    gate.leave();
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

    /** Writers that hold this gate, and the one who made it; dead from 0 on. By its handle. */
    @SuppressWarnings("UnusedVariable")
    private volatile int users = 1;

    /**
     * Writes that have passed together and have no outcome. Guarded by {@link #lock}, as all below.
     */
    private int proposed;

    /** Whether somebody has passed alone. */
    private boolean exclusive;

    /** What was proposed last of what has no outcome; the one before it stands behind it. */
    private @Nullable Proposed newest;

    /**
     * Who waits, in order, and what tells them all that somebody has passed; rare, so made late.
     */
    private @Nullable Deque<Waiter> line;

    private @Nullable Condition changed;

    private Gate(Key key) {
      this.key = key;
    }

    Key key() {
      return key;
    }

    /** Counts one more who holds it, unless it is dead. */
    private boolean tryUse() {
      int now = users;
      while (now != 0) {
        int seen = (int) USERS.compareAndExchange(this, now, now + 1);
        if (seen == now) {
          return true;
        }
        now = seen;
      }
      return false;
    }

    /** Gives it back. */
    void leave() {
      if ((int) USERS.getAndAdd(this, -1) == 1) {
        gates.remove(key, this);
      }
    }

    /**
     * Lets a write pass with others, and holds the lock for its proposal.
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

    void lock() {
      lock.lock();
    }

    void unlock() {
      lock.unlock();
    }

    /**
     * Lets a write pass with others, if it may at once; it does not stand in the line. With the
     * lock held.
     */
    boolean tryPass() {
      return tryPass(false);
    }

    /**
     * Whether no other write has passed and is without an outcome, proposed or about to be. With
     * the lock held, by who has passed.
     */
    boolean isOnlyProposal() {
      return exclusive || proposed == 1;
    }

    /** What was proposed last, and has no outcome. With the lock held. */
    @Nullable Proposed newest() {
      return newest;
    }

    /**
     * Notes what one that has passed proposes; one that has passed alone lets others pass from here
     * on. With the lock held, until it has its place in the journal.
     */
    void propose(Proposed next) {
      if (exclusive) {
        exclusive = false;
        proposed++;
        letPass();
      }
      next.older = newest;
      if (newest != null) {
        newest.newer = next;
      }
      newest = next;
    }

    /** Takes out what was proposed: its outcome is known. */
    void ended(Proposed done) {
      lock.lock();
      try {
        if (done.newer == null) {
          newest = done.older;
        } else {
          done.newer.older = done.older;
        }
        if (done.older != null) {
          done.older.newer = done.newer;
        }
        proposed--;
        letPass();
      } finally {
        lock.unlock();
      }
    }

    /** One that has passed with others ends with nothing proposed, or with its outcome. */
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
     * Lets one pass alone.
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

    /** Lets one pass alone, if it may at once; it does not stand in the line. */
    boolean tryExclusive() {
      lock.lock();
      try {
        return tryPass(true);
      } finally {
        lock.unlock();
      }
    }

    /** Who has passed alone ends, having proposed nothing that has no outcome. */
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
