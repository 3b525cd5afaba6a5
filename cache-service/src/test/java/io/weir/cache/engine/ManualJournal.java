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
    apply(take());
  }

  /** The same of the newest, as where the others are refused and have not heard so yet. */
  void applyLast() {
    apply(takeLast());
  }

  private void apply(Proposed next) {
    next.mutations.forEach(machine::apply);
    next.done.applied();
    next.done.afterwards().run();
  }

  /** Fails the next proposal with an open outcome; returns what it was. */
  List<Mutation> failNext() {
    return failNext(new JournalException.OutcomeOpen("the leader stopped"));
  }

  List<Mutation> failNext(JournalException why) {
    return fail(take(), why);
  }

  /** Fails the newest proposal. */
  void failLast(JournalException why) {
    List<Mutation> _ = fail(takeLast(), why);
  }

  private static List<Mutation> fail(Proposed failing, JournalException why) {
    failing.done.failed(why);
    failing.done.afterwards().run();
    return failing.mutations;
  }

  private synchronized Proposed take() {
    return proposed.remove();
  }

  private synchronized Proposed takeLast() {
    return proposed.removeLast();
  }

  @Override
  public void close() {}
}
