package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What a member keeps on disk, each part checked. JRaft opens the log before the votes. */
final class MemberStorage extends DefaultJRaftServiceFactory {

  private final FailStop failStop;
  private final VoteGuard guard;
  private final Configurations configurations;
  private final LastEntry lastEntry;
  private final LongConsumer stored;
  private final Steps logSteps = new Steps();
  private final Steps voteSteps = new Steps();
  private @Nullable CheckedLogStorage log;

  /**
   * @param stored told the index that the log on disk ends with, after each change of it
   */
  MemberStorage(
      FailStop failStop,
      VoteGuard guard,
      Configurations configurations,
      LastEntry lastEntry,
      LongConsumer stored) {
    this.failStop = failStop;
    this.guard = guard;
    this.configurations = configurations;
    this.lastEntry = lastEntry;
    this.stored = stored;
  }

  /** What is asked of the disk, which a hung one does not end. */
  List<Watchdog.Watched> watched() {
    return List.of(
        new Watchdog.Watched("the disk of the journal's log hangs", logSteps::current),
        new Watchdog.Watched("the disk of the journal's votes hangs", voteSteps::current));
  }

  /** What the log's thread does, or {@link Steps#NONE} where it rests. */
  long logStep() {
    return logSteps.current();
  }

  @Override
  public LogStorage createLogStorage(String uri, RaftOptions options) {
    SegmentLogStorage segments =
        new SegmentLogStorage(
            Path.of(uri), e -> failStop.trip("could not clear away the log's old files", e));
    CheckedLogStorage made =
        new CheckedLogStorage(segments, failStop, configurations, lastEntry, stored, logSteps);
    log = made;
    return made;
  }

  @Override
  public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
    CheckedVotes votes = new CheckedVotes(uri, options, failStop, this::termOfLog, voteSteps);
    guard.keepVotesIn(votes);
    return votes;
  }

  private long termOfLog() {
    return log == null ? 0 : log.getTerm(log.getLastLogIndex());
  }
}
