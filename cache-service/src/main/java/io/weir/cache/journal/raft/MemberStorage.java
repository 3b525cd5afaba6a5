package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.WALRecoveryMode;

/** What a member keeps on disk, each part checked. JRaft opens the log before the votes. */
final class MemberStorage extends DefaultJRaftServiceFactory {

  private static final long MEMTABLE_BYTES = 16L << 20;
  private static final long MAX_WAL_BYTES = 128L << 20;
  private static final long LEVEL_BYTES = 64L << 20;

  static {
    // JRaft's own are made for many groups: 100 MB of tables in memory, and 1 GB of write-ahead
    // log.
    StorageOptionsFactory.registerRocksDBOptions(
        RocksDBLogStorage.class,
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxOpenFiles(-1)
            .setKeepLogFileNum(2)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxTotalWalSize(MAX_WAL_BYTES)
            .setMaxBackgroundJobs(2)
            // A torn end is what a crash leaves; damage before the end must not be passed over.
            .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords));
    StorageOptionsFactory.registerRocksDBColumnFamilyOptions(
        RocksDBLogStorage.class,
        new ColumnFamilyOptions()
            .setWriteBufferSize(MEMTABLE_BYTES)
            .setMaxWriteBufferNumber(3)
            .setLevel0FileNumCompactionTrigger(8)
            .setMaxBytesForLevelBase(LEVEL_BYTES)
            .setTargetFileSizeBase(MEMTABLE_BYTES)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setForceConsistencyChecks(true));
  }

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
    CheckedLogStorage made =
        new CheckedLogStorage(uri, options, failStop, configurations, lastEntry, stored, logSteps);
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
