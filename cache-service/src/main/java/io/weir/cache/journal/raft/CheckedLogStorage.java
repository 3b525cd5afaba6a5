package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log on disk, that stops rather than lies.
 *
 * <p><b>Failure.</b> JRaft logs and forgets what is thrown in its log thread; an entry that was
 * lost so would be acknowledged with the next one. Here anything thrown, anything not written and
 * any gap between entries ends the member, before the next entry is written. So does an entry that
 * cannot be read: JRaft would take it for one that the log does not have.
 *
 * <p><b>Concurrency.</b> Written by JRaft's log thread alone, once started; read by any.
 */
final class CheckedLogStorage implements LogStorage {

  private final LogStorage log;
  private final FailStop failStop;
  private final Configurations configurations;
  private final LastEntry lastEntry;
  private final LongConsumer stored;
  private final Steps steps;
  private long last;

  /**
   * @param log that is checked
   * @param stored told the index that the log on disk ends with, after each change of it
   * @param steps what is asked of the disk
   */
  CheckedLogStorage(
      LogStorage log,
      FailStop failStop,
      Configurations configurations,
      LastEntry lastEntry,
      LongConsumer stored,
      Steps steps) {
    this.log = log;
    this.failStop = failStop;
    this.configurations = configurations;
    this.lastEntry = lastEntry;
    this.stored = stored;
    this.steps = steps;
  }

  @Override
  public boolean init(LogStorageOptions options) {
    boolean opened = log.init(options);
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
  public void shutdown() {
    log.shutdown();
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  @Override
  public int appendEntries(List<LogEntry> entries) {
    int count = entries.size();
    boolean written =
        checked(
            "append to the log",
            () -> {
              requireContiguous(entries);
              if (log.appendEntries(entries) != count) {
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
          return log.truncatePrefix(firstIndexKept);
        });
  }

  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    return checked(
        "truncate the log's end",
        () -> {
          if (!log.truncateSuffix(lastIndexKept)) {
            return false;
          }
          last = lastIndexKept;
          configurations.truncated(lastIndexKept);
          stored.accept(last);
          return true;
        });
  }

  @Override
  public boolean reset(long nextLogIndex) {
    return checked(
        "reset the log",
        () -> {
          if (!log.reset(nextLogIndex)) {
            return false;
          }
          last = nextLogIndex - 1;
          stored.accept(last);
          return true;
        });
  }

  @Override
  public long getFirstLogIndex() {
    return log.getFirstLogIndex();
  }

  @Override
  public long getLastLogIndex() {
    return log.getLastLogIndex();
  }

  @Override
  public @Nullable LogEntry getEntry(long index) {
    return read(index, () -> log.getEntry(index));
  }

  @Override
  @SuppressWarnings("deprecation") // JRaft's interface has it.
  public long getTerm(long index) {
    return read(index, () -> log.getTerm(index));
  }

  private <T extends @Nullable Object> T read(long index, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (UncheckedIOException | CorruptEntryException e) {
      failStop.trip("could not read entry " + index + " of the log", e);
      throw e;
    }
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
