package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.List;

/**
 * A write's place at the gates of its keys.
 *
 * <p><b>Concurrency.</b> One thread's own. It passes and locks the gates in the order of their
 * keys, and waits for one only while those that it has passed stand before it: so nobody waits in a
 * ring, be it for a lock or for a turn. While it holds the locks it waits for nothing.
 *
 * <p><b>Failure.</b> {@link #end} gives back whatever is held but for what was proposed.
 */
abstract sealed class Turn {

  private Turn() {}

  /** Enters the gate of a key. */
  static Turn of(KeyGates gates, Key key) {
    return new OfOne(gates.enter(key));
  }

  /** Enters the gates of keys, which may come in any order, and more than once. */
  static Turn of(KeyGates gates, List<Key> keys) {
    if (keys.size() == 1) {
      return of(gates, keys.getFirst());
    }
    return new OfSeveral(
        keys.stream()
            .sorted()
            .distinct()
            .map(key -> new OfOne(gates.enter(key)))
            .toArray(OfOne[]::new));
  }

  /** Passes with others, if it may at once, and then holds the locks; else nothing is held. */
  abstract boolean tryPass();

  /**
   * Passes with others, and then holds the locks.
   *
   * @throws Overloaded when the writes before it take too long
   */
  abstract void pass();

  /**
   * Passes alone. The locks are not held.
   *
   * @throws Overloaded when the writes before it take too long
   */
  abstract void passAlone();

  /** Takes the locks. */
  abstract void lock();

  /** Gives the locks back, if it has them. */
  abstract void unlock();

  /** Its place at the gate of one of its keys. Throws for a key that is none of its own. */
  abstract OfOne at(Key key);

  /** Whether no other write of its one key is on its way. With the locks held. */
  abstract boolean isOnlyOfOneKey();

  /** Takes back that it has passed. */
  abstract void back();

  /** Gives back the locks, and what was passed, but for what was proposed. */
  abstract void end();

  /** Throws for a key that is none of its own. */
  final void require(Key key) {
    var _ = at(key);
  }

  /** The gate of one of its keys. */
  final KeyGates.Gate gate(Key key) {
    return at(key).gate;
  }

  /**
   * Notes what a proposal makes of a key, whose end gives the gate back; once a key. With the locks
   * held, until it has its place in the journal.
   */
  final Proposed propose(Proposal proposal, Write write) {
    return at(write.key()).proposeHere(proposal, write);
  }

  private static IllegalArgumentException noneOfItsOwn(Key key) {
    return new IllegalArgumentException("an update writes only keys that it names, and not " + key);
  }

  private enum State {
    ENTERED,
    PASSED,
    ALONE,
    PROPOSED
  }

  /** At the gate of one key. */
  static final class OfOne extends Turn {

    private final KeyGates.Gate gate;
    private State state = State.ENTERED;
    private boolean locked;

    private OfOne(KeyGates.Gate gate) {
      this.gate = gate;
    }

    @Override
    boolean tryPass() {
      lock();
      if (!tryPassLocked()) {
        unlock();
        return false;
      }
      return true;
    }

    private boolean tryPassLocked() {
      if (!gate.tryPass()) {
        return false;
      }
      state = State.PASSED;
      return true;
    }

    @Override
    void pass() {
      gate.lockForProposal();
      state = State.PASSED;
      locked = true;
    }

    @Override
    void passAlone() {
      gate.beginExclusive();
      state = State.ALONE;
    }

    @Override
    void lock() {
      gate.lock();
      locked = true;
    }

    @Override
    void unlock() {
      if (locked) {
        locked = false;
        gate.unlock();
      }
    }

    @Override
    OfOne at(Key key) {
      if (!gate.key().equals(key)) {
        throw noneOfItsOwn(key);
      }
      return this;
    }

    @Override
    boolean isOnlyOfOneKey() {
      return gate.isOnlyProposal();
    }

    private Proposed proposeHere(Proposal proposal, Write write) {
      Proposed proposed = new Proposed(gate, proposal, write);
      gate.propose(proposed);
      state = State.PROPOSED;
      return proposed;
    }

    @Override
    void back() {
      if (state == State.PASSED) {
        gate.proposalEnded();
      } else if (state == State.ALONE) {
        gate.endExclusive();
      }
      if (state != State.PROPOSED) {
        state = State.ENTERED;
      }
    }

    @Override
    void end() {
      unlock();
      back();
      if (state != State.PROPOSED) {
        gate.leave();
      }
    }
  }

  /** At those of several, in the order of the keys. */
  private static final class OfSeveral extends Turn {

    private final OfOne[] places;

    OfSeveral(OfOne[] places) {
      this.places = places;
    }

    @Override
    boolean tryPass() {
      lock();
      for (OfOne place : places) {
        if (!place.tryPassLocked()) {
          back();
          unlock();
          return false;
        }
      }
      return true;
    }

    @Override
    void pass() {
      for (OfOne place : places) {
        place.pass();
        place.unlock();
      }
      lock();
    }

    @Override
    void passAlone() {
      for (OfOne place : places) {
        place.passAlone();
      }
    }

    @Override
    void lock() {
      for (OfOne place : places) {
        place.lock();
      }
    }

    @Override
    void unlock() {
      for (OfOne place : places) {
        place.unlock();
      }
    }

    @Override
    OfOne at(Key key) {
      for (int i = 0, to = places.length - 1; i <= to; ) {
        int middle = (i + to) >>> 1;
        int order = places[middle].gate.key().compareTo(key);
        if (order == 0) {
          return places[middle];
        }
        if (order < 0) {
          i = middle + 1;
        } else {
          to = middle - 1;
        }
      }
      throw noneOfItsOwn(key);
    }

    @Override
    boolean isOnlyOfOneKey() {
      return places.length == 1 && places[0].isOnlyOfOneKey();
    }

    @Override
    void back() {
      for (OfOne place : places) {
        place.back();
      }
    }

    @Override
    void end() {
      unlock();
      for (OfOne place : places) {
        place.end();
      }
    }
  }
}
