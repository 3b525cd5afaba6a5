package io.weir.cache.journal;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A journal that a group of servers keeps together; of which one, the leader, appends.
 *
 * <p>Futures fail with a {@link JournalException}, and complete in threads of the journal: what
 * hangs on them must not block.
 */
public interface ReplicatedJournal extends AutoCloseable {

  /**
   * The journal as one reign's leader writes it: every append carries the reign's term, so that one
   * made in a reign that is over cannot slip into a later one.
   */
  Journal under(Reign reign);

  /**
   * Takes the next epoch, when the counter of a reign's versions has run out; the reign stays as it
   * is. Larger than any that was taken before.
   */
  CompletableFuture<Long> takeEpoch(Reign reign);

  /**
   * Switches the group to a higher format of the journal, for good; at the leader, once every
   * member and learner reads it. Completes when it is applied here.
   */
  CompletableFuture<@Nullable Void> switchFormat(Reign reign, int format);

  /**
   * Completes, at any member, once it has applied all that was acknowledged by anyone before this
   * call: a read of the state machine from then on is linearizable.
   */
  CompletableFuture<@Nullable Void> readIndex();

  /** The lease under which the leader answers reads without asking the others each time. */
  ReadLease lease();

  JournalStatus status();

  /** The last entry that the state machine has applied. Does not wait. */
  default long appliedIndex() {
    return status().appliedIndex();
  }

  /** Who keeps the journal. Does not wait. */
  default Members members() {
    return status().members();
  }

  /** How this member's log ends, confirmed by a majority or not. */
  LogEnd logEnd();

  /** Adds a voter once it has caught up, at the leader. */
  CompletableFuture<@Nullable Void> addMember(Member member);

  /** Adds a follower that does not vote, at the leader. */
  CompletableFuture<@Nullable Void> addLearner(Member member);

  /** Removes a voter or a learner, at the leader. */
  CompletableFuture<@Nullable Void> removeMember(Member member);

  /**
   * Hands the leadership to another voter, at the leader; completes once that is under way, and
   * {@code stopped} follows. A successor that does not take over within an election timeout is
   * given up: this server leads again then, in a new reign of the same term; without a lease only
   * if the successor was told to take over and has not said what became of it.
   */
  CompletableFuture<@Nullable Void> transferLeadership(Member successor);

  /**
   * Has other members' questions answered, outside of the log, from now on.
   *
   * @param answers gives a part by its number, of a few 100 KiB at most; it must return soon
   */
  void answerWith(IntFunction<byte[]> answers);

  /**
   * Asks another member for a part of what it answers with: empty where it has nothing to say.
   * Nothing vouches for the answer but that a member of the group gave it.
   */
  CompletableFuture<byte[]> ask(Member member, int part);

  /** Stops this member, in order; what is proposed and not complete fails with an open outcome. */
  @Override
  void close();

  /** Replaces what it can of the log on this member's disk by a snapshot, soon. */
  default void shorten() {}
}
