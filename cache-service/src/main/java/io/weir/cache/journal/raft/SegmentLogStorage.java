package io.weir.cache.journal.raft;

import static java.util.Objects.requireNonNull;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * JRaft's log in the segments of a {@link SegmentLog}. A log that an earlier version has left in
 * RocksDB is converted when it is opened.
 *
 * <p>It answers as JRaft's own storage does, but for a log that was reset: that is empty here.
 *
 * <p><b>Failure.</b> What cannot be written or read is thrown.
 *
 * <p><b>Concurrency.</b> Opened by one thread, then written by JRaft's log thread, and read by any.
 */
final class SegmentLogStorage implements LogStorage {

  private final Path path;
  private final int segmentBytes;
  private final Consumer<IOException> failed;
  private @Nullable LogDirectory directory;
  private volatile @Nullable SegmentLog log;
  private volatile @Nullable StoredEntries codec;

  /**
   * @param failed told when old files cannot be cleared away, by the thread that does so
   */
  SegmentLogStorage(Path path, Consumer<IOException> failed) {
    this(path, SegmentLog.SEGMENT_BYTES, failed);
  }

  SegmentLogStorage(Path path, int segmentBytes, Consumer<IOException> failed) {
    this.path = path;
    this.segmentBytes = segmentBytes;
    this.failed = failed;
  }

  /**
   * Opens the log, or makes it, and adds its configurations to JRaft's.
   *
   * @throws JournalDirectoryException when it is damaged, or another process has it
   * @throws UncheckedIOException when it cannot be read or written
   */
  @Override
  public boolean init(LogStorageOptions options) {
    try {
      LogDirectory opened = LogDirectory.open(path);
      directory = opened;
      try {
        open(opened, options);
      } catch (IOException | RuntimeException e) {
        opened.close();
        throw e;
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be opened: " + e, e);
    }
  }

  private void open(LogDirectory opened, LogStorageOptions options) throws IOException {
    StoredEntries entries = new StoredEntries(options.getLogEntryCodecFactory());
    codec = entries;
    LogDirectory.Holds holds = opened.holds();
    if (holds == LogDirectory.Holds.ROCKSDB) {
      new LogConversion(opened, segmentBytes, entries).convert(options);
    }
    if (holds != LogDirectory.Holds.NOTHING && !Files.isDirectory(opened.segments())) {
      throw new JournalDirectoryException(
          opened.segments() + " is lost: " + JournalDirectoryException.WHAT_TO_DO);
    }
    if (Files.isDirectory(opened.segments())) {
      SegmentRecovery recovery = new SegmentRecovery(opened.segments(), entries);
      if (!recovery.isEmpty()) {
        log = SegmentLog.open(opened.segments(), segmentBytes, recovery, failed);
        addAll(recovery.configurations(), options.getConfigurationManager());
      } else if (holds != LogDirectory.Holds.NOTHING) {
        throw new JournalDirectoryException(
            opened.segments() + " has lost its files: " + JournalDirectoryException.WHAT_TO_DO);
      }
    }
    if (log == null) {
      opened.clearSegments();
      log = SegmentLog.create(opened.segments(), segmentBytes, 1, failed);
    }
    if (holds == LogDirectory.Holds.NOTHING) {
      opened.takeSegments();
    }
    opened.removeRocksDb();
  }

  private static void addAll(Collection<LogEntry> entries, ConfigurationManager to) {
    for (LogEntry entry : entries) {
      ConfigurationEntry configuration = new ConfigurationEntry();
      configuration.setId(entry.getId().copy());
      configuration.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
      if (entry.getOldPeers() != null) {
        configuration.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
      }
      to.add(configuration);
    }
  }

  @Override
  public void shutdown() {
    try {
      if (log != null) {
        log.close();
      }
      if (directory != null) {
        directory.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be closed: " + e, e);
    }
  }

  private SegmentLog log() {
    return requireNonNull(log, "the log is not open");
  }

  /** 1 for a log that never had an entry. */
  @Override
  public long getFirstLogIndex() {
    return log().first();
  }

  /** 0 for a log without entries. */
  @Override
  public long getLastLogIndex() {
    return log().last();
  }

  /** Null for an entry that the log does not have. */
  @Override
  public @Nullable LogEntry getEntry(long index) {
    try {
      byte[] bytes = log().entry(index);
      return bytes == null ? null : requireNonNull(codec).decode(ByteBuffer.wrap(bytes), index);
    } catch (IOException e) {
      throw new UncheckedIOException("entry " + index + " cannot be read: " + e, e);
    }
  }

  /** 0 for an entry that the log does not have. */
  @Override
  @SuppressWarnings("deprecation") // JRaft's interface has it.
  public long getTerm(long index) {
    LogEntry entry = getEntry(index);
    return entry == null ? 0 : entry.getId().getTerm();
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  /**
   * Appends entries with ascending indexes; all are on disk when this returns.
   *
   * @throws IllegalStateException when they do not follow the log's last entry
   */
  @Override
  public int appendEntries(List<LogEntry> entries) {
    if (!entries.isEmpty()) {
      long first = entries.getFirst().getId().getIndex();
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).getId().getIndex() != first + i) {
          throw new IllegalStateException(
              "entry " + entries.get(i).getId().getIndex() + " follows entry " + (first + i - 1));
        }
      }
      written(() -> log().append(requireNonNull(codec).encode(entries), first));
    }
    return entries.size();
  }

  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    return written(() -> log().keepFrom(firstIndexKept));
  }

  /**
   * @throws IllegalStateException when the log begins after the entry that follows
   */
  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    return written(() -> log().keepUpTo(lastIndexKept));
  }

  @Override
  public boolean reset(long nextLogIndex) {
    if (nextLogIndex <= 0) {
      throw new IllegalArgumentException("no log goes on with entry " + nextLogIndex);
    }
    return written(() -> log().restart(nextLogIndex));
  }

  /** A change of the log, which waits for the disk. */
  private interface Change {
    void make() throws IOException;
  }

  private boolean written(Change change) {
    try {
      change.make();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("the log cannot be written: " + e, e);
    }
  }
}
