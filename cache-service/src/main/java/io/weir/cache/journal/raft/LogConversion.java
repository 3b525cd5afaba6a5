package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a log that an earlier version keeps in RocksDB into segments, once.
 *
 * <p><b>Failure.</b> The segments are read back before they count. A start that ends before that
 * leaves RocksDB's log as it is, and the next one begins anew.
 */
final class LogConversion {

  private static final Logger LOG = LoggerFactory.getLogger(LogConversion.class);

  /** Of entries that are written at once. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final int TENTHS = 10;
  private static final long LEVEL_BYTES = 64L << 20;

  static {
    // As the log was written.
    StorageOptionsFactory.registerRocksDBOptions(
        RocksDBLogStorage.class,
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxOpenFiles(-1)
            .setKeepLogFileNum(2)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            // A torn end is what a crash leaves; damage before the end must not be passed over.
            .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords));
    StorageOptionsFactory.registerRocksDBColumnFamilyOptions(
        RocksDBLogStorage.class,
        new ColumnFamilyOptions()
            .setMaxBytesForLevelBase(LEVEL_BYTES)
            .setCompressionType(CompressionType.NO_COMPRESSION)
            .setForceConsistencyChecks(true));
  }

  private final LogDirectory directory;
  private final int segmentBytes;
  private final StoredEntries codec;

  LogConversion(LogDirectory directory, int segmentBytes, StoredEntries codec) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.codec = codec;
  }

  /**
   * Converts the log; its segments count when this returns.
   *
   * @throws JournalDirectoryException when RocksDB cannot open it, or it lacks an entry
   */
  void convert(LogStorageOptions options) throws IOException {
    LogStorageOptions itsOwn = new LogStorageOptions();
    itsOwn.setGroupId(options.getGroupId());
    itsOwn.setLogEntryCodecFactory(options.getLogEntryCodecFactory());
    itsOwn.setConfigurationManager(new ConfigurationManager());
    RocksDBLogStorage old = rocksDb(directory.path());
    if (!old.init(itsOwn)) {
      throw new JournalDirectoryException(
          directory.path()
              + " cannot be opened by RocksDB, see the line before: "
              + JournalDirectoryException.WHAT_TO_DO);
    }
    long first;
    long last;
    try {
      first = old.getFirstLogIndex();
      last = lastOf(old);
      LOG.info("{}: {} entries are converted", directory.path(), Math.max(0, last + 1 - first));
      directory.clearSegments();
      copy(old, first, last);
    } finally {
      old.shutdown();
    }
    check(first, last);
    directory.takeSegments();
    LOG.info("{}: the log is converted", directory.path());
  }

  /** The log of earlier versions. */
  static RocksDBLogStorage rocksDb(Path log) {
    return new RocksDBLogStorage(log.toString(), new RaftOptions());
  }

  /** JRaft puts an entry of no term where a log was reset, until the next one comes. */
  private static long lastOf(RocksDBLogStorage old) {
    long last = old.getLastLogIndex();
    LogEntry entry = old.getEntry(last);
    return entry != null
            && entry.getType() == EntryType.ENTRY_TYPE_NO_OP
            && entry.getId().getTerm() == 0
        ? last - 1
        : last;
  }

  private void copy(RocksDBLogStorage old, long first, long last) throws IOException {
    List<LogEntry> batch = new ArrayList<>();
    long bytes = 0;
    long tenth = Math.max(1, (last + 1 - first) / TENTHS);
    try (SegmentLog log = SegmentLog.create(directory.segments(), segmentBytes, first, _ -> {})) {
      for (long index = first; index <= last; index++) {
        LogEntry entry = old.getEntry(index);
        if (entry == null || entry.getId().getIndex() != index || entry.isCorrupted()) {
          throw new JournalDirectoryException(
              directory.path()
                  + (entry == null ? " lacks entry " : " has something else in place of entry ")
                  + index
                  + " of those from "
                  + first
                  + " to "
                  + last
                  + ": "
                  + JournalDirectoryException.WHAT_TO_DO);
        }
        batch.add(entry);
        bytes += entry.getData() == null ? 0 : entry.getData().remaining();
        if (bytes >= BATCH_BYTES || index == last) {
          log.append(codec.encode(batch), batch.getFirst().getId().getIndex());
          batch.clear();
          bytes = 0;
        }
        if ((index + 1 - first) % tenth == 0) {
          LOG.info(
              "{}: {} of {} entries are converted",
              directory.path(),
              index + 1 - first,
              last + 1 - first);
        }
      }
    }
  }

  private void check(long first, long last) throws IOException {
    SegmentIndex copied = new SegmentRecovery(directory.segments(), codec).recover();
    copied.close();
    long next = Math.max(first, last + 1);
    if (copied.first() != first || copied.next() != next) {
      throw new IOException(
          "the entries from "
              + first
              + " up to "
              + (next - 1)
              + " were copied, and those from "
              + copied.first()
              + " up to "
              + (copied.next() - 1)
              + " found");
    }
  }
}
