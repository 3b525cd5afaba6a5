package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The appends that share one entry of the log, in their order.
 *
 * <p><b>Concurrency.</b> Filled by one thread, and ended by another, once: what ends it first
 * counts.
 */
final class Batch implements Closure {

  /** An index of what is in no log. */
  static final long NO_INDEX = 0;

  private final long number;
  private final Listener listener;
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private final List<Append> appends = new ArrayList<>();
  private final List<Mutation> mutations = new ArrayList<>();
  private int bytes;

  /** Told once that a batch is applied or has failed. */
  interface Listener {
    /**
     * It ends.
     *
     * @param index of its entry in the log; {@link #NO_INDEX} when it is not applied
     */
    void ended(Batch batch, long index);
  }

  /** One call of {@code append}. */
  record Append(Reign reign, List<Mutation> mutations, int bytes, AppendListener done) {}

  /**
   * @param number tells it from others; later ones have larger ones
   */
  Batch(long number, Listener listener) {
    this.number = number;
    this.listener = listener;
  }

  long number() {
    return number;
  }

  void add(Append append) {
    mutations.addAll(append.mutations());
    appends.add(append);
    bytes += append.bytes();
  }

  boolean isEmpty() {
    return appends.isEmpty();
  }

  /** How many there are. */
  int appends() {
    return appends.size();
  }

  /** Bytes of its mutations in the highest format: what they take in any, or more. */
  int bytes() {
    return bytes;
  }

  List<Mutation> mutations() {
    return mutations;
  }

  /**
   * Tells the callers, after the next entry is on its way.
   *
   * @param index of the entry
   */
  void applied(long index) {
    if (isEnded.compareAndSet(false, true)) {
      listener.ended(this, index);
      Outcomes outcomes = new Outcomes();
      for (Append append : appends) {
        outcomes.applied(append.done());
      }
      outcomes.end();
    }
  }

  /** JRaft has failed it, or run it after all; the state machine does not call this. */
  @Override
  public void run(Status status) {
    fail(failure(status));
  }

  void fail(JournalException failure) {
    if (isEnded.compareAndSet(false, true)) {
      listener.ended(this, NO_INDEX);
      Outcomes outcomes = new Outcomes();
      for (Append append : appends) {
        outcomes.failed(append.done(), failure);
      }
      outcomes.end();
    }
  }

  /** Where JRaft is busy it has proposed nothing: its log's queue is full, or it hands over. */
  private static JournalException failure(Status status) {
    return status.getRaftError() == RaftError.EBUSY
        ? new JournalException.QueueFull(
            "the journal takes no more at present, and nothing was proposed: "
                + status.getErrorMsg())
        : new JournalException.OutcomeOpen(
            "the leader stopped before the write was known to be durable: " + status.getErrorMsg());
  }
}
