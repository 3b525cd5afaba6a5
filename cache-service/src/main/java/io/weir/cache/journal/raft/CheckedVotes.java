package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.impl.LocalRaftMetaStorage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The member's term and vote on disk. JRaft 1.3.15 does not look whether they were written; here a
 * failure ends the member before its vote leaves it.
 *
 * <p>A term is on disk before any entry of it. Votes that are older than the log have been lost, or
 * brought back from a copy: this member could vote twice in a term, so it does not start.
 *
 * <p><b>Concurrency.</b> Used under the node's lock alone.
 */
final class CheckedVotes extends LocalRaftMetaStorage {

  private final String path;
  private final FailStop failStop;
  private final LongSupplier termOfLog;
  private final Steps steps;

  /**
   * @param termOfLog of its last entry, once the log is open; 0 for an empty one
   * @param steps what is asked of the disk
   */
  CheckedVotes(
      String path, RaftOptions options, FailStop failStop, LongSupplier termOfLog, Steps steps) {
    super(path, options);
    this.path = path;
    this.failStop = failStop;
    this.termOfLog = termOfLog;
    this.steps = steps;
  }

  @Override
  public boolean init(RaftMetaStorageOptions options) {
    boolean opened = super.init(options);
    long least = termOfLog.getAsLong();
    if (opened && getTerm() < least) {
      throw new JournalDirectoryException(
          path
              + " holds the votes up to term "
              + getTerm()
              + ", and the log beside it has an entry of term "
              + least
              + ": the votes were lost, or are those of an older copy. The member must not come"
              + " back as who it was: bring the votes back, or empty the journal's directory"
              + " altogether");
    }
    return opened;
  }

  @Override
  public boolean setTerm(long term) {
    return written(() -> super.setTerm(term));
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    return written(() -> super.setVotedFor(peer));
  }

  /** Writes nothing when both are on disk already. */
  @Override
  public boolean setTermAndVotedFor(long term, PeerId peer) {
    if (!failStop.isTripped() && getTerm() == term && getVotedFor().equals(peer)) {
      return true;
    }
    return written(() -> super.setTermAndVotedFor(term, peer.copy()));
  }

  private boolean written(BooleanSupplier write) {
    boolean written;
    steps.begin();
    try {
      written = write.getAsBoolean();
    } finally {
      steps.end();
    }
    if (!written || failStop.isTripped()) {
      failStop.trip("could not write the vote, see the line before", null);
      throw new IllegalStateException("the vote is not on disk");
    }
    return true;
  }
}
