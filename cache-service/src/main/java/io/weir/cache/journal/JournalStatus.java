package io.weir.cache.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member's view of its group at one moment.
 *
 * @param term last heard of; 0 before any
 * @param format of the journal that the group writes, as far as this member has applied it
 * @param leader null while there is none, or none is known
 * @param members as last committed
 * @param alive at the leader, the voters that answered within the last election timeout, itself
 *     included; empty elsewhere
 * @param committedIndex the last entry of the log known to be durable
 * @param appliedIndex the last entry that the state machine has applied
 * @param queuedBytes proposed and not yet in the log
 * @param snapshots of this member, since its start
 */
public record JournalStatus(
    Role role,
    long term,
    int format,
    @Nullable Member leader,
    Members members,
    List<Member> alive,
    long committedIndex,
    long appliedIndex,
    long queuedBytes,
    Snapshots snapshots) {

  /**
   * How the snapshots went that shorten the log.
   *
   * @param saved that were written
   * @param failed that could not be; the log has grown on
   * @param lastBytes size of the last one, saved or loaded; 0 before any
   */
  public record Snapshots(long saved, long failed, long lastBytes) {
    public static final Snapshots NONE = new Snapshots(0, 0, 0);
  }

  /** What a member is to its group. */
  public enum Role {
    /** Between {@code leading} and {@code stopped} of the listener. */
    LEADER,
    /** Applies what a leader, if there is one, replicates. */
    FOLLOWER,
    /** Stopped for good by an error. */
    BROKEN
  }
}
