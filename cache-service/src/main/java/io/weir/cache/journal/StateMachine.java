package io.weir.cache.journal;

/**
 * What the journal drives: it is handed every mutation once that is as durable as the journal makes
 * it, in the order of the journal.
 */
public interface StateMachine {

  /** Applies one mutation. Never waits for room, never does I/O and never fails. */
  void apply(Mutation mutation);
}
