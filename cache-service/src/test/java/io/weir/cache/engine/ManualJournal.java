package io.weir.cache.engine;

import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.StateMachine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A journal that applies, or fails, what was proposed when a test says so; in order. */
final class ManualJournal implements Journal {

  private final StateMachine machine;
  private final Deque<Proposed> proposed = new ArrayDeque<>();

  private record Proposed(List<Mutation> mutations, AppendListener done) {}

  ManualJournal(StateMachine machine) {
    this.machine = machine;
  }

  @Override
  public synchronized void append(List<Mutation> mutations, AppendListener done) {
    proposed.add(new Proposed(mutations, done));
  }

  /** How many proposals wait. */
  synchronized int waiting() {
    return proposed.size();
  }

  /** Makes the next proposal durable and applies it. */
  void applyNext() {
    Proposed next = take();
    next.mutations.forEach(machine::apply);
    next.done.applied();
    next.done.afterwards().run();
  }

  /** Fails the next proposal with an open outcome; returns what it was. */
  List<Mutation> failNext() {
    return failNext(new JournalException.OutcomeOpen("the leader stopped"));
  }

  List<Mutation> failNext(JournalException why) {
    Proposed next = take();
    next.done.failed(why);
    next.done.afterwards().run();
    return next.mutations;
  }

  private synchronized Proposed take() {
    return proposed.remove();
  }

  @Override
  public void close() {}
}
