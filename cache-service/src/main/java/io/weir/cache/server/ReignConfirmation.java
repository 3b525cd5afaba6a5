package io.weir.cache.server;

import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.journal.Member;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database for one reign, from its begin until the reign is on record or over, and tells
 * what follows for the leader.
 */
final class ReignConfirmation implements ReignCheck.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(ReignConfirmation.class);

  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final Member member;
  private final Claim claim;
  private final ReadGuard guard;
  private final ShardRegistry registry;
  private final ScheduledExecutorService scheduler;
  private final Leader leader;

  /** Whom it is about. Called by whoever asks the database. */
  interface Leader {

    /** Whether the reign goes on. */
    boolean isReigning();

    /** The other members of the group. */
    List<Member> others();

    /** The database's word is enough for a first write. */
    void mayWrite();

    /** Another leader, or generation, has taken over. */
    void fenced(FencedException refusal);

    /** This server must not go on, for the reason of the sentence. */
    void unusable(String sentence);
  }

  ReignConfirmation(
      Member member,
      Claim claim,
      ReadGuard guard,
      ShardRegistry registry,
      ScheduledExecutorService scheduler,
      Leader leader) {
    this.member = member;
    this.claim = claim;
    this.guard = guard;
    this.registry = registry;
    this.scheduler = scheduler;
    this.leader = leader;
  }

  /** Asks soon, and again until it is done. */
  void begin(ReignCheck check) {
    ask(check, Duration.ZERO);
  }

  private void ask(ReignCheck check, Duration pause) {
    try {
      var _ = scheduler.schedule(() -> askNow(check), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("stopping: nobody asks the database any more");
    }
  }

  private void askNow(ReignCheck check) {
    if (!leader.isReigning()) {
      return;
    }
    try {
      check.requireRecorded();
    } catch (StoreException e) {
      LOG.debug("asking again in {} s: {}", ASK_AGAIN.toSeconds(), e.getMessage());
      ask(check, ASK_AGAIN);
    } catch (RuntimeException e) {
      LOG.error("the database was not asked for this reign; it is asked again", e);
      ask(check, ASK_AGAIN);
    }
  }

  @Override
  public void checked(boolean writable) {
    if (writable) {
      leader.mayWrite();
    }
  }

  /**
   * If the group confirms the leadership now, nobody has led since in this generation; then the
   * record is of a reign that this journal should know of, and does not.
   */
  @Override
  public boolean doubted(StoreException doubt) {
    if (doubt instanceof FencedException fenced && isSuperseded()) {
      leader.fenced(fenced);
      return false;
    }
    try {
      guard.confirm();
    } catch (EngineException e) {
      LOG.info("deposed, as it seems: {}; {}", doubt.getMessage(), e.getMessage());
      return false;
    }
    if (!leader.isReigning()) {
      return false;
    }
    leader.unusable(
        "its journal, member "
            + member
            + ", is not the newest one of generation "
            + claim.generation()
            + ": the database says that "
            + doubt.getMessage()
            + ". "
            + whatToDo(leader.others()));
    return true;
  }

  private String whatToDo(List<Member> others) {
    String giveUp =
        " Only if the newest is lost for good: move this directory away, and start this server once"
            + " with weir.raft.accept-loss-of-generation="
            + claim.generation()
            + "; what is in no database is lost then";
    return others.isEmpty()
        ? "This directory or volume is an older copy, or has lost its end: bring the newest back."
            + giveUp
        : "Either this directory or volume is an older copy, or has lost its end; or so has that of"
            + " the members that run with it, and the newest journal is at one that does not run."
            + " Start all of "
            + others
            + ", each with the directory that it had, and then this server."
            + giveUp;
  }

  @Override
  public void foreign(ForeignShardException refusal) {
    leader.unusable(String.valueOf(refusal.getMessage()));
  }

  private boolean isSuperseded() {
    return registry.read().filter(row -> row.generation() == claim.generation()).isEmpty();
  }
}
