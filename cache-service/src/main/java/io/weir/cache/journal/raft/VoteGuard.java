package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.google.protobuf.Message;
import io.weir.cache.journal.ReadLease;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a member promises about its vote, and JRaft 1.3.15 does not keep.
 *
 * <p><b>Promise to a leader.</b> Whoever has confirmed a leader gives no vote, and asks for none,
 * within one election timeout from then: the leader's lease rests on that. JRaft looks at it in the
 * pre-vote alone, so that a pre-vote granted earlier, or none at all, still leads to a vote. A
 * member that starts does not know what it promised before, and counts as having confirmed a leader
 * then. A leader gives no vote while it holds its lease, and gives up the lease before it gives
 * one. A successor that the leader itself has named is exempt; the leader has barred its lease
 * before.
 *
 * <p><b>Vote on disk.</b> JRaft asks others for votes before its own is on disk; after a crash in
 * between the member could vote twice in one term. Here it is written before the first request
 * leaves. (Fixed upstream by pull request 1245.)
 *
 * <p><b>Concurrency.</b> Confirming a leader and voting exclude each other.
 */
final class VoteGuard {

  private static final long NONE = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final long promiseNanos;
  private final ReadLease lease;
  private final LongSupplier nanoClock;
  private final PeerId self;

  private volatile long lastConfirmed;
  private volatile long namedForTerm = NONE;
  private volatile @Nullable CheckedVotes votes;

  VoteGuard(PeerId self, long electionTimeoutNanos, ReadLease lease, LongSupplier nanoClock) {
    this.self = self;
    this.promiseNanos = electionTimeoutNanos;
    this.lease = lease;
    this.nanoClock = nanoClock;
    this.lastConfirmed = nanoClock.getAsLong();
  }

  void keepVotesIn(CheckedVotes storage) {
    votes = storage;
  }

  /** Handles a heartbeat; a response that accepts the leader is a promise. */
  @Nullable Message confirm(
      AppendEntriesRequest heartbeat,
      Supplier<@Nullable Message> handling,
      Predicate<@Nullable Message> accepts) {
    lock.lock();
    try {
      long before = lastConfirmed;
      // Before the node answers: it may begin to ask for votes itself as soon as it has.
      lastConfirmed = nanoClock.getAsLong();
      Message response = handling.get();
      if (!accepts.test(response)) {
        lastConfirmed = before;
      }
      return response;
    } finally {
      lock.unlock();
    }
  }

  /** Handles a request for a vote, or refuses it. */
  Message vote(RequestVoteRequest request, boolean named, Supplier<Message> handling) {
    lock.lock();
    try {
      if (!named && isBound()) {
        return RequestVoteResponse.newBuilder()
            .setTerm(Math.max(0, request.getTerm() - 1))
            .setGranted(false)
            .build();
      }
      if (!request.getPreVote()) {
        lease.revokeBefore(request.getTerm());
      }
      return handling.get();
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the leader of a term has named this member its successor. */
  void namedSuccessor(long term) {
    namedForTerm = term + 1;
  }

  boolean isNamedFor(long term) {
    return namedForTerm == term;
  }

  /**
   * Prepares the request for a vote: the own one is on disk afterwards. Under the node's lock.
   *
   * @return false when none may be asked for
   */
  boolean mayAskFor(RequestVoteRequest request) {
    if (request.getPreVote()) {
      return true;
    }
    CheckedVotes storage = votes;
    return storage != null
        && storage.setTermAndVotedFor(request.getTerm(), self)
        && (isNamedFor(request.getTerm()) || !isBound());
  }

  private boolean isBound() {
    return lease.isValid() || nanoClock.getAsLong() - lastConfirmed < promiseNanos;
  }
}
