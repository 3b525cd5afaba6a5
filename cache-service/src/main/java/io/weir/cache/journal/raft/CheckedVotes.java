package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.impl.LocalRaftMetaStorage;

/**
 * The member's term and vote on disk. JRaft 1.3.15 does not look whether they were written; here a
 * failure ends the member before its vote leaves it.
 *
 * <p><b>Concurrency.</b> Used under the node's lock alone.
 */
final class CheckedVotes extends LocalRaftMetaStorage {

  private final FailStop failStop;

  CheckedVotes(String path, RaftOptions options, FailStop failStop) {
    super(path, options);
    this.failStop = failStop;
  }

  @Override
  public boolean setTerm(long term) {
    return written(super.setTerm(term));
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    return written(super.setVotedFor(peer));
  }

  /** Writes nothing when both are on disk already. */
  @Override
  public boolean setTermAndVotedFor(long term, PeerId peer) {
    if (!failStop.isTripped() && getTerm() == term && getVotedFor().equals(peer)) {
      return true;
    }
    return written(super.setTermAndVotedFor(term, peer.copy()));
  }

  private boolean written(boolean written) {
    if (!written || failStop.isTripped()) {
      failStop.trip("could not write the vote, see the line before", null);
      throw new IllegalStateException("the vote is not on disk");
    }
    return true;
  }
}
