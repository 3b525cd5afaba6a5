package io.weir.cache.server;

import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.ReplicatedJournal;
import io.weir.cache.journal.ReplicatedStateMachine;

/** Makes the journal of a group in which this server has its place. */
@FunctionalInterface
public interface JournalFactory {

  /** Makes it; nothing happens before it is started. */
  Unstarted make(
      Founding.Place place, ReplicatedStateMachine stateMachine, JournalListener listener);

  /**
   * A journal that is not started.
   *
   * @param start opens it, once; the listener may be called before that returns. Throws when the
   *     journal cannot be opened; the process is to end then.
   */
  record Unstarted(ReplicatedJournal journal, Runnable start) {}
}
