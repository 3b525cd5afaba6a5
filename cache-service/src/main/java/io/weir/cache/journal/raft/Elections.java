package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReadLease;
import io.weir.cache.journal.Reign;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
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
 * <p><b>Concurrency.</b> Called by the applying thread, but for the getters.
 */
final class Elections {

  private static final Logger LOG = LoggerFactory.getLogger(Elections.class);

  private static final long NONE = -1;

  private final String group;
  private final Member self;
  private final GroupCommit commit;
  private final ReadLease lease;
  private final JournalListener listener;
  private final LongFunction<CompletableFuture<Long>> takeEpoch;
  private final Runnable granted;

  private long electedIn = NONE;
  private volatile long term;
  private volatile @Nullable Reign reign;
  private volatile @Nullable Member leader;

  /**
   * @param takeEpoch proposes the entry that takes an epoch in a term
   * @param granted asks for the lease's first confirmation
   */
  Elections(
      String group,
      Member self,
      GroupCommit commit,
      ReadLease lease,
      JournalListener listener,
      LongFunction<CompletableFuture<Long>> takeEpoch,
      Runnable granted) {
    this.group = group;
    this.self = self;
    this.commit = commit;
    this.lease = lease;
    this.listener = listener;
    this.takeEpoch = takeEpoch;
    this.granted = granted;
  }

  void elected(long newTerm) {
    electedIn = newTerm;
    term = newTerm;
    var _ =
        takeEpoch
            .apply(newTerm)
            .whenComplete((epoch, failure) -> {
              if (failure == null) {
                lead(newTerm, epoch);
              } else {
                LOG.info("elected, and deposed before it led: group={}", group);
              }
            });
  }

  /** In the applying thread, as it applies the epoch's entry. */
  private void lead(long newTerm, long epoch) {
    if (electedIn != newTerm) {
      return;
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
