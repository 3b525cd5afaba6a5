package io.weir.cache.journal;

import org.jspecify.annotations.Nullable;

/**
 * What a replicated journal tells its server.
 *
 * <p><b>Concurrency.</b> {@link #leading}, {@link #stopped} and {@link #following} are called by
 * the one thread that applies mutations, in order with them, and must return soon: while one runs,
 * nothing is applied. {@link #membersChanged} is called by another.
 */
public interface JournalListener {

  /**
   * This server leads: all that earlier leaders acknowledged is applied, and the epoch is its own.
   */
  void leading(Reign reign);

  /**
   * This server leads no longer. Proposals of that reign that have not completed fail; their
   * outcome is open. Another leader may have been at work for a while already: only the lease and
   * the fence of the database tell.
   */
  void stopped(Reign reign, String reason);

  /** This server follows a leader, or has lost it. */
  void following(@Nullable Member leader, long term);

  /**
   * The group's members are these, by the log of this server; the last change may yet be undone.
   */
  void membersChanged(Members members);

  /**
   * The journal can no longer keep its promise, and acknowledges nothing from now on: the process
   * must end, at once and without an orderly stop. Called once, by any thread.
   */
  void broken(String what, @Nullable Throwable cause);
}
