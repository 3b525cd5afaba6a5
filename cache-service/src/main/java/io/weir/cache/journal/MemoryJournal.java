package io.weir.cache.journal;

import io.weir.model.Durability;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The journal of durability {@code memory}: it keeps nothing. A mutation is applied in the thread
 * that appends it, so what is acknowledged is in the table and, until it is flushed, nowhere else.
 *
 * <p><b>Concurrency.</b> Stateless; two appends run side by side, and only those of one key are
 * ordered, by their callers.
 */
public final class MemoryJournal implements Journal {

  private final StateMachine stateMachine;

  public MemoryJournal(StateMachine stateMachine) {
    this.stateMachine = stateMachine;
  }

  @Override
  public Durability durability() {
    return Durability.MEMORY;
  }

  @Override
  public CompletableFuture<@Nullable Void> append(List<Mutation> mutations) {
    mutations.forEach(stateMachine::apply);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {}
}
