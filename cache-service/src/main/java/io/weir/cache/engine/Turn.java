package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.Arrays;
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
final class Turn {

  private enum State {
    ENTERED,
    PASSED,
    ALONE,
    PROPOSED
  }

  private final KeyGates.Gate[] gates;
  private final State[] states;
  private boolean locked;

  private Turn(KeyGates.Gate[] gates) {
    this.gates = gates;
    this.states = new State[gates.length];
    Arrays.fill(states, State.ENTERED);
  }

  /** Enters the gate of a key. */
  static Turn of(KeyGates gates, Key key) {
    return new Turn(new KeyGates.Gate[] {gates.enter(key)});
  }

  /** Enters the gates of keys, which may come in any order, and more than once. */
  static Turn of(KeyGates gates, List<Key> keys) {
    if (keys.size() == 1) {
      return of(gates, keys.getFirst());
    }
    return new Turn(
        keys.stream().sorted().distinct().map(gates::enter).toArray(KeyGates.Gate[]::new));
  }

  /** Passes with others, if it may at once, and then holds the locks; else nothing is held. */
  boolean tryPass() {
    lock();
    for (int i = 0; i < gates.length; i++) {
      if (!gates[i].tryPass()) {
        back();
        unlock();
        return false;
      }
      states[i] = State.PASSED;
    }
    return true;
  }

  /**
   * Passes with others, and then holds the locks.
   *
   * @throws Overloaded when the writes before it take too long
   */
  void pass() {
    for (int i = 0; i < gates.length; i++) {
      gates[i].lockForProposal();
      states[i] = State.PASSED;
      if (gates.length > 1) {
        gates[i].unlock();
      }
    }
    if (gates.length > 1) {
      lock();
    } else {
      locked = true;
    }
  }

  /**
   * Passes alone. The locks are not held.
   *
   * @throws Overloaded when the writes before it take too long
   */
  void passAlone() {
    for (int i = 0; i < gates.length; i++) {
      gates[i].beginExclusive();
      states[i] = State.ALONE;
    }
  }

  /** Takes the locks. */
  void lock() {
    for (KeyGates.Gate gate : gates) {
      gate.lock();
    }
    locked = true;
  }

  /** Gives the locks back. */
  void unlock() {
    if (locked) {
      locked = false;
      for (KeyGates.Gate gate : gates) {
        gate.unlock();
      }
    }
  }

  /** Throws for a key that is none of its own. */
  void require(Key key) {
    int _ = indexOf(key);
  }

  /** The gate of one of its keys. */
  KeyGates.Gate gate(Key key) {
    return gates[indexOf(key)];
  }

  /** Whether no other write of its one key is on its way. With the locks held. */
  boolean isOnlyOfOneKey() {
    return gates.length == 1 && gates[0].isOnlyProposal();
  }

  /**
   * Notes what a proposal makes of a key, whose end gives the gate back; once a key. With the locks
   * held, until it has its place in the journal.
   */
  Proposed propose(Proposal proposal, Write write) {
    int i = indexOf(write.key());
    Proposed proposed = new Proposed(gates[i], proposal, write);
    gates[i].propose(proposed);
    states[i] = State.PROPOSED;
    return proposed;
  }

  /** Gives back the locks, and what was passed, but for what was proposed. */
  void end() {
    unlock();
    back();
    for (int i = 0; i < gates.length; i++) {
      if (states[i] != State.PROPOSED) {
        gates[i].leave();
      }
    }
  }

  /** Takes back that it has passed. */
  void back() {
    for (int i = 0; i < gates.length; i++) {
      if (states[i] == State.PASSED) {
        gates[i].proposalEnded();
      } else if (states[i] == State.ALONE) {
        gates[i].endExclusive();
      }
      if (states[i] != State.PROPOSED) {
        states[i] = State.ENTERED;
      }
    }
  }

  private int indexOf(Key key) {
    if (gates.length == 1 && gates[0].key().equals(key)) {
      return 0;
    }
    for (int i = 0, to = gates.length - 1; i <= to; ) {
      int middle = (i + to) >>> 1;
      int order = gates[middle].key().compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        i = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    throw new IllegalArgumentException("an update writes only keys that it names, and not " + key);
  }
}
