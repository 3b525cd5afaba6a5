package io.weir.cache.journal;

import java.util.List;

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
  public void append(List<Mutation> mutations, AppendListener done) {
    mutations.forEach(stateMachine::apply);
    done.applied();
    done.afterwards().run();
  }

  @Override
  public void close() {}
}
