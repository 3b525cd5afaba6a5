package io.weir.cache.engine;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.store.DatabaseBehindException;
import java.util.function.Function;

/**
 * How far the shard's database has come, as the journal tells it: the number of the last flush that
 * it acknowledged, and whether it has gone back since, so that what it answers does not count.
 *
 * <p><b>Invariant.</b> A row counts only if the database that answers holds every flush that was
 * acknowledged before the read began. A key that is not resident has its newest version in such a
 * flush, since it is dirty, and so resident, until the flush is acknowledged. And it counts only if
 * the database has not gone back meanwhile: numbers are set aside in the journal before they are
 * given, and what is flushed after it has gone back has a number above all of those.
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
   * @param highest number that may have been given, as far as the journal knows. Only where it is
   *     above the acknowledged one was it set aside by a leader, so that it is a bound
   */
  public record State(long acknowledged, long missing, long highest) {

    /** Whether the database has lost flushes, and nobody has accepted that. */
    public boolean wentBack() {
      return missing > 0;
    }

    /**
     * The numbers that the last flush in the database may have if it is the one that this is the
     * state of. A database that goes back has a higher one from the next flush on.
     */
    public FlushSpan numbers() {
      return highest > acknowledged
          ? new FlushSpan(acknowledged, highest)
          : FlushSpan.from(acknowledged);
    }
  }

  /** As of now. */
  public State now() {
    return state;
  }

  /**
   * The numbers of the last flush with which an answer of the database counts.
   *
   * @throws EngineException.WentBack when no answer counts
   */
  private FlushSpan counts() {
    State now = state;
    if (now.wentBack()) {
      throw new EngineException.WentBack(now.missing());
    }
    return now.numbers();
  }

  /**
   * Reads the database with the numbers that count, and once more where this member has heard
   * meanwhile of others that a leader gives.
   *
   * @throws EngineException.WentBack when no answer counts
   */
  <T> T read(Function<FlushSpan, T> read) {
    // Before the read begins: what is acknowledged meanwhile was resident until then.
    FlushSpan numbers = counts();
    try {
      return read.apply(numbers);
    } catch (DatabaseBehindException e) {
      FlushSpan now = counts();
      if (now.equals(numbers)) {
        throw e;
      }
      return read.apply(now);
    }
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

  /** Whether nothing more is missing than the operator was told. */
  boolean isAcceptable(long missing) {
    return state.missing() <= missing;
  }

  /** Ends it. */
  void accepted() {
    State before = state;
    state = new State(before.acknowledged(), 0, before.highest());
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
