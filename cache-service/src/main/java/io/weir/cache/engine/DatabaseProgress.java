package io.weir.cache.engine;

import io.weir.cache.journal.Mutation;

/**
 * How far the shard's database has come, as the journal tells it: the number of the last flush that
 * it acknowledged, and whether it has gone back since, so that what it answers does not count.
 *
 * <p><b>Invariant.</b> A row counts only if the database that answers holds every flush that was
 * acknowledged before the read began. A key that is not resident has its newest version in such a
 * flush, since it is dirty, and so resident, until the flush is acknowledged.
 *
 * <p><b>Concurrency.</b> One immutable state behind one field: changed by the journal's applying
 * thread, read by any.
 */
public final class DatabaseProgress {

  private volatile State state = new State(0, 0, 0);

  /**
   * A moment's state.
   *
   * @param acknowledged number of the last flush that the database acknowledged, or was found with
   *     when it had gone back
   * @param missing flushes that it has lost, at least, since it was last accepted; 0 when its
   *     answers count
   * @param highest number that was ever given, as far as the journal knows
   */
  public record State(long acknowledged, long missing, long highest) {

    /** Whether the database has lost flushes, and nobody has accepted that. */
    public boolean wentBack() {
      return missing > 0;
    }
  }

  /** As of now. */
  public State now() {
    return state;
  }

  /**
   * The number of the flush that an answer of the database must be no older than.
   *
   * @throws EngineException.WentBack when no answer counts
   */
  long countsFrom() {
    State now = state;
    if (now.wentBack()) {
      throw new EngineException.WentBack(now.missing());
    }
    return now.acknowledged();
  }

  void acknowledged(long number) {
    State before = state;
    state =
        new State(
            Math.max(before.acknowledged(), number),
            before.missing(),
            Math.max(before.highest(), number));
  }

  void become(Mutation.DatabaseState of) {
    state = new State(of.acknowledged(), of.missing(), of.highest());
  }

  /** Ends it, unless more is missing than the operator was told. */
  void accepted(long missing) {
    State before = state;
    if (before.missing() <= missing) {
      state = new State(before.acknowledged(), 0, before.highest());
    }
  }

  /** Takes the state that a snapshot has, in place of this one. */
  void install(Mutation.FlushAcknowledged of) {
    state = new State(of.number(), 0, of.number());
  }

  /** The one mutation that makes this state. */
  Mutation asMutation() {
    State now = state;
    return now.wentBack() || now.highest() > now.acknowledged()
        ? new Mutation.DatabaseState(now.acknowledged(), now.missing(), now.highest())
        : new Mutation.FlushAcknowledged(now.acknowledged());
  }
}
