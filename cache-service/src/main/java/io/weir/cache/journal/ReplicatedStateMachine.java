package io.weir.cache.journal;

import java.util.Iterator;
import java.util.List;

/**
 * A state machine whose whole state, the dirty set, can be saved and replaced.
 *
 * <p><b>Concurrency.</b> Mutations, {@link #snapshot} and {@link #install} come from one thread.
 * The iterators of a snapshot are used by another, while mutations go on.
 */
public interface ReplicatedStateMachine extends StateMachine {

  /** Applies mutations that stand together in the journal, in order. */
  default void applyAll(List<Mutation> mutations) {
    mutations.forEach(this::apply);
  }

  /**
   * Returns mutations that make the state: at least every journalled write that is dirty now and
   * stays so until its iteration ends. What changes meanwhile may be in it or not, in its old or
   * its newer version: all mutations after this call are applied again over it, and {@link #apply}
   * is guarded by version.
   */
  Iterable<Mutation> snapshot();

  /**
   * Drops all clean and negative entries, and detaches every load in flight. A lone leader may
   * write to memory alone, and then the log need not tell the newest version of a key: what replay
   * leaves clean of the time of a lone leader may be older than the row.
   */
  void dropClean();

  /**
   * Replaces the state: builds the new one aside, swaps it in at once, drops all clean and negative
   * entries and detaches every load in flight.
   *
   * @param state what {@link #snapshot} returned somewhere, each key once; verified beforehand, so
   *     that it runs to its end
   */
  void install(Iterator<Mutation> state);
}
