package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The appends that share one entry of the log, in their order. */
final class Batch implements Closure {

  private final IntConsumer ended;
  private final List<Append> appends = new ArrayList<>();
  private final List<Mutation> mutations = new ArrayList<>();
  private int bytes;

  /** One call of {@code append}. */
  record Append(
      Reign reign, List<Mutation> mutations, int bytes, CompletableFuture<@Nullable Void> done) {}

  /**
   * @param ended told the batch's bytes, once, when it is applied or has failed
   */
  Batch(IntConsumer ended) {
    this.ended = ended;
  }

  void add(Append append) {
    appends.add(append);
    mutations.addAll(append.mutations());
    bytes += append.bytes();
  }

  boolean isEmpty() {
    return appends.isEmpty();
  }

  /** Bytes of its mutations. */
  int bytes() {
    return bytes;
  }

  List<Mutation> mutations() {
    return mutations;
  }

  /** Tells the callers, after the next entry is on its way. */
  void applied() {
    ended.accept(bytes);
    for (Append append : appends) {
      append.done().complete(null);
    }
  }

  /** JRaft has failed it, or run it after all; the state machine does not call this. */
  @Override
  public void run(Status status) {
    JournalException failure =
        new JournalException.OutcomeOpen(
            "the leader stopped before the write was known to be durable: " + status.getErrorMsg());
    ended.accept(bytes);
    for (Append append : appends) {
      append.done().completeExceptionally(failure);
    }
  }
}
