package io.weir.cache.journal.raft;

import io.weir.cache.journal.LogEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the last entry came into a member's log. Entries have no time of their own: what comes in
 * while the process runs is timed, and what was there at the start is as old as the files of the
 * log. Opening the log writes some of these anew, so the time is kept in a file of its own, which
 * counts for as long as the log ends with the same entry.
 *
 * <p><b>Concurrency.</b> {@link #appended} is called by JRaft's log thread, {@link #at} by any.
 *
 * <p><b>Failure.</b> It is for people to read: what cannot be found or kept is said in the log.
 */
final class LastEntry {

  private static final Logger LOG = LoggerFactory.getLogger(LastEntry.class);

  private static final String NAME = "last-entry";

  private final Path directory;
  private final InstantSource clock;
  private @Nullable Instant ofFiles;
  private volatile LogEnd.@Nullable Time time;

  LastEntry(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** Looks at the files, before the log is opened. */
  void beforeOpening() {
    Path log = directory.resolve(RaftDirectory.LOG);
    lookAt(log);
    lookAt(log.resolve(LogDirectory.SEGMENTS));
  }

  private void lookAt(Path log) {
    if (!Files.isDirectory(log)) {
      return;
    }
    try (Stream<Path> files = Files.list(log)) {
      for (Path file : files.filter(LastEntry::holdsEntries).toList()) {
        Instant modified = Files.getLastModifiedTime(file).toInstant();
        if (ofFiles == null || modified.isAfter(ofFiles)) {
          ofFiles = modified;
        }
      }
    } catch (IOException e) {
      LOG.warn("the age of {} cannot be told: {}", log, e.toString());
    }
  }

  /** Of either kind of log. */
  private static boolean holdsEntries(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".log") || name.endsWith(".sst");
  }

  /** Takes how the log ends, once it is open. */
  void opened(long index, long term) {
    String entry = index + ":" + term;
    Instant files = ofFiles;
    if (index == 0 || files == null) {
      return;
    }
    Instant kept = keptFor(entry);
    if (kept == null) {
      keep(entry, files);
    }
    time = new LogEnd.Time(kept == null ? files : kept, false);
  }

  private @Nullable Instant keptFor(String entry) {
    Path file = directory.resolve(NAME);
    try {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() == 2 && lines.getFirst().equals(entry)) {
          return Instant.ofEpochMilli(Long.parseLong(lines.getLast()));
        }
      }
    } catch (IOException | NumberFormatException e) {
      LOG.warn("{} cannot be read: {}", file, e.toString());
    }
    return null;
  }

  private void keep(String entry, Instant at) {
    try {
      DirectoryFile.write(directory, NAME, List.of(entry, String.valueOf(at.toEpochMilli())));
    } catch (IOException e) {
      LOG.warn("the age of the last entry is not kept: {}", e.toString());
    }
  }

  /** An entry has come into the log. */
  void appended() {
    time = new LogEnd.Time(clock.instant(), true);
  }

  /** Null for a log without entries, or one whose age cannot be told. */
  LogEnd.@Nullable Time at() {
    return time;
  }
}
