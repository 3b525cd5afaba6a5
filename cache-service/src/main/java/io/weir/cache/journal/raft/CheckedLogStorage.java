package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The log on disk, in RocksDB, that stops rather than lies.
 *
 * <p><b>Failure.</b> JRaft logs and forgets what is thrown in its log thread; an entry that was
 * lost so would be acknowledged with the next one. Here anything thrown, anything not written and
 * any gap between entries ends the member, before the next entry is written.
 *
 * <p><b>Truncation.</b> In 1.3.15 removing the end of a log leaves its configurations behind, to
 * come back with a restart: the end is looked up anew after it is gone. So it is looked up once
 * here. (Fixed upstream by pull request 1188.)
 *
 * <p><b>Concurrency.</b> Written by JRaft's log thread alone, once started.
 */
final class CheckedLogStorage extends RocksDBLogStorage {

  private static final long UNKNOWN = -1;

  private final FailStop failStop;
  private final Configurations configurations;
  private final LastEntry lastEntry;
  private final LongConsumer stored;
  private final Steps steps;
  private boolean resetting;
  private long last = UNKNOWN;
  private long pinnedLast = UNKNOWN;

  /**
   * @param stored told the index that the log on disk ends with, after each change of it
   * @param steps what is asked of the disk
   */
  CheckedLogStorage(
      String path,
      RaftOptions options,
      FailStop failStop,
      Configurations configurations,
      LastEntry lastEntry,
      LongConsumer stored,
      Steps steps) {
    super(path, options);
    this.failStop = failStop;
    this.configurations = configurations;
    this.lastEntry = lastEntry;
    this.stored = stored;
    this.steps = steps;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    boolean opened = super.init(options);
    if (opened) {
      last = getLastLogIndex();
      ConfigurationEntry configuration = options.getConfigurationManager().getLastConfiguration();
      // Of a change that is not done, both sides: a majority of each counts.
      configurations.seen(
          configuration.getId().getIndex(),
          configuration.listPeers(),
          configuration.getConf().listLearners());
      lastEntry.opened(last, getTerm(last));
      stored.accept(last);
    }
    return opened;
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return checked(
        "append to the log",
        () -> {
          boolean written = super.appendEntry(entry);
          if (!resetting) {
            last = entry.getId().getIndex();
            notice(List.of(entry));
            lastEntry.appended();
            stored.accept(last);
          }
          return written;
        });
  }

  @Override
  public int appendEntries(List<LogEntry> entries) {
    int count = entries.size();
    boolean written =
        checked(
            "append to the log",
            () -> {
              requireContiguous(entries);
              if (super.appendEntries(entries) != count) {
                return false;
              }
              notice(entries);
              lastEntry.appended();
              stored.accept(last);
              return true;
            });
    return written ? count : 0;
  }

  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    return checked(
        "truncate the log's beginning",
        () -> {
          // A snapshot that was installed may reach beyond the log's end.
          last = Math.max(last, firstIndexKept - 1);
          return super.truncatePrefix(firstIndexKept);
        });
  }

  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    return checked(
        "truncate the log's end",
        () -> {
          pinnedLast = super.getLastLogIndex();
          try {
            return super.truncateSuffix(lastIndexKept);
          } finally {
            pinnedLast = UNKNOWN;
            last = lastIndexKept;
            configurations.truncated(lastIndexKept);
            stored.accept(last);
          }
        });
  }

  /** What JRaft puts in the place of the next entry, until that comes, is none of the log. */
  @Override
  public boolean reset(long nextLogIndex) {
    return checked(
        "reset the log",
        () -> {
          resetting = true;
          try {
            return super.reset(nextLogIndex);
          } finally {
            resetting = false;
            last = nextLogIndex - 1;
            stored.accept(last);
          }
        });
  }

  @Override
  public long getLastLogIndex() {
    long pinned = pinnedLast;
    return pinned == UNKNOWN ? super.getLastLogIndex() : pinned;
  }

  /** An empty log may begin anywhere: after a snapshot. */
  private void requireContiguous(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      long index = entry.getId().getIndex();
      if (last > 0 && index != last + 1) {
        throw new IllegalStateException("entry " + index + " follows entry " + last);
      }
      last = index;
    }
  }

  /** Of a change that is not done, both sides: a majority of each counts. */
  private void notice(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
        Set<PeerId> voters = new LinkedHashSet<>(entry.getPeers());
        if (entry.getOldPeers() != null) {
          voters.addAll(entry.getOldPeers());
        }
        configurations.seen(entry.getId().getIndex(), voters, entry.getLearners());
      }
    }
  }

  private boolean checked(String what, Supplier<Boolean> action) {
    if (failStop.isTripped()) {
      return false;
    }
    steps.begin();
    try {
      if (action.get()) {
        return true;
      }
      failStop.trip("could not " + what + ", see the line before", null);
      return false;
    } catch (RuntimeException | Error e) {
      failStop.trip("could not " + what, e);
      throw e;
    } finally {
      steps.end();
    }
  }
}
