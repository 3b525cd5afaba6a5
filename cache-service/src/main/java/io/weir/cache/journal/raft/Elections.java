package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import io.weir.model.Version;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The group's elections as this member sees them: the term, the leader, and its own reign while it
 * leads.
 *
 * <p>A member that is elected takes an epoch first, by an entry of its own; it leads once that is
 * applied, and with it all that came before. An election in the middle of a transfer that fails
 * gives the same term again; the epoch tells the reigns apart.
 *
 * <p><b>Concurrency.</b> Called by the applying thread, but for the getters, and for another
 * proposal of the epoch after one has failed.
 *
 * <p><b>Invariant.</b> A reign begins and ends in the applying thread: what begins it hangs on the
 * epoch before that is proposed, and so runs where the entry is applied. In another thread it could
 * begin after the end of its term had found none to end.
 */
final class Elections {

  private static final Logger LOG = LoggerFactory.getLogger(Elections.class);

  private static final long NONE = -1;

  /** The last one that a version can carry. */
  private static final long LAST_EPOCH = (1L << Version.EPOCH_BITS) - 1;

  private final String group;
  private final Member self;
  private final GroupCommit commit;
  private final ReadLease lease;
  private final JournalListener listener;
  private final ObjLongConsumer<LogStateMachine.EpochTaken> proposeEpoch;
  private final Runnable granted;
  private final Consumer<Runnable> later;
  private final FailStop failStop;

  private volatile long electedIn = NONE;
  private volatile long term;
  private volatile @Nullable Reign reign;
  private volatile @Nullable Member leader;

  /**
   * @param proposeEpoch proposes the entry that takes an epoch in a term
   * @param granted asks for the lease's first confirmation
   * @param later runs what is to be tried again
   */
  Elections(
      String group,
      Member self,
      GroupCommit commit,
      ReadLease lease,
      JournalListener listener,
      ObjLongConsumer<LogStateMachine.EpochTaken> proposeEpoch,
      Runnable granted,
      Consumer<Runnable> later,
      FailStop failStop) {
    this.group = group;
    this.self = self;
    this.commit = commit;
    this.lease = lease;
    this.listener = listener;
    this.proposeEpoch = proposeEpoch;
    this.granted = granted;
    this.later = later;
    this.failStop = failStop;
  }

  void elected(long newTerm) {
    electedIn = newTerm;
    term = newTerm;
    takeEpochIn(newTerm);
  }

  /** Again while it fails: JRaft leads for as long, and nobody else can. */
  private void takeEpochIn(long newTerm) {
    if (electedIn != newTerm) {
      LOG.info("elected, and deposed before it led: group={}", group);
      return;
    }
    LogStateMachine.EpochTaken taken = new LogStateMachine.EpochTaken();
    var _ =
        taken
            .epoch()
            .whenComplete((epoch, failure) -> {
              if (failure == null) {
                leadOrFail(newTerm, epoch);
              } else {
                LOG.debug("no epoch yet: group={} term={}", group, newTerm, failure);
                later.accept(() -> takeEpochIn(newTerm));
              }
            });
    proposeEpoch.accept(taken, newTerm); // Last: see the invariant.
  }

  /** A future forgets what is thrown by whoever hangs on it. */
  private void leadOrFail(long newTerm, long epoch) {
    try {
      lead(newTerm, epoch);
    } catch (RuntimeException | Error e) {
      failStop.trip("could not begin to lead", e);
    }
  }

  /** In the applying thread, as it applies the epoch's entry. */
  private void lead(long newTerm, long epoch) {
    if (electedIn != newTerm || reign != null) {
      return;
    }
    if (epoch > LAST_EPOCH) {
      LOG.error(
          "elected, and cannot lead: group={} has used up its {} epochs; ask weir rescue here for"
              + " how to go on in a new generation with this journal",
          group,
          LAST_EPOCH);
      return;
    }
    if (epoch > LAST_EPOCH / 8 * 7) {
      LOG.error(
          "group={} has used {} of its {} epochs, one for each leader: find out why leaders change"
              + " so often",
          group,
          epoch,
          LAST_EPOCH);
    }
    Reign begun = new Reign(newTerm, epoch);
    LOG.info("leading: group={} member={} term={} epoch={}", group, self, newTerm, epoch);
    leader = self;
    reign = begun;
    commit.open(begun);
    lease.grant(newTerm);
    granted.run();
    listener.leading(begun);
  }

  void deposed(String reason) {
    electedIn = NONE;
    Reign ended = reign;
    reign = null;
    leader = null;
    lease.revoke();
    commit.close();
    if (ended != null) {
      LOG.info(
          "not leading any more: group={} member={} term={}: {}",
          group,
          self,
          ended.term(),
          reason);
      listener.stopped(ended, reason);
    }
  }

  void following(@Nullable PeerId peer, long newTerm) {
    Member next = peer == null || peer.isEmpty() ? null : Configurations.member(peer);
    term = Math.max(term, newTerm);
    if (reign == null) {
      leader = next;
    }
    LOG.info("following: group={} member={} leader={} term={}", group, self, next, newTerm);
    listener.following(next, newTerm);
  }

  long term() {
    return term;
  }

  @Nullable Reign reign() {
    return reign;
  }

  @Nullable Member leader() {
    return leader;
  }
}
