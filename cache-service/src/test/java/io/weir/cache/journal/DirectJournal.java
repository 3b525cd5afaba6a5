package io.weir.cache.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A journal that keeps nothing: a mutation is applied by the thread that appends it.
 *
 * <p><b>Concurrency.</b> Stateless; two appends run side by side, and only those of one key are
 * ordered, by their callers.
 */
public final class DirectJournal implements Journal {

  private final StateMachine stateMachine;

  public DirectJournal(StateMachine stateMachine) {
    this.stateMachine = stateMachine;
  }

  @Override
  public CompletableFuture<@Nullable Void> append(List<Mutation> mutations) {
    mutations.forEach(stateMachine::apply);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {}
}
