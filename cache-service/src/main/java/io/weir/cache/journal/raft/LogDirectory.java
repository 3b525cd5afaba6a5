package io.weir.cache.journal.raft;

import static java.util.Objects.requireNonNull;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a member's log: the segments, and the file {@code CURRENT}, which says that they
 * count. Earlier versions kept the log in RocksDB, whose own file of that name refers to the rest.
 * RocksDB refuses ours with an error, and would take a directory without any for an empty log.
 *
 * <p><b>Failure.</b> {@code CURRENT} is replaced as a whole once the segments are on disk. So
 * whichever of both logs it names is whole, and the other one is what a start has left unfinished.
 */
final class LogDirectory implements AutoCloseable {

  static final String SEGMENTS = "segments";

  private static final String CURRENT = "CURRENT";
  private static final String LOCK = "lock";
  private static final String OURS =
      "The log is in the directory segments, and RocksDB's no more: use no earlier version of Weir";
  private static final String ROCKSDB = "MANIFEST-";
  private static final Pattern FILES_OF_ROCKSDB =
      Pattern.compile(
          "(MANIFEST|OPTIONS)-\\d+(\\.dbtmp)?|\\d+\\.(log|sst|dbtmp)|LOG(\\.old.*)?|LOCK|IDENTITY");
  private static final Pattern ENTRIES_OF_ROCKSDB = Pattern.compile("\\d+\\.(log|sst)");

  private final Path path;
  private final FileChannel lock;

  /** Which log a directory holds. */
  enum Holds {
    NOTHING,
    ROCKSDB,
    SEGMENTS
  }

  private LogDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the directory for this process, and makes it if there is none.
   *
   * @throws JournalDirectoryException when another process has it
   */
  static LogDirectory open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      PrivateFiles.createDirectories(path);
      DirectoryFile.force(requireNonNull(path.toAbsolutePath().getParent()));
    }
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isLocked(channel)) {
      channel.close();
      throw new JournalDirectoryException(path + " is in use by another process");
    }
    return new LogDirectory(path, channel);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  Path segments() {
    return path.resolve(SEGMENTS);
  }

  /**
   * Looks at {@code CURRENT}.
   *
   * @throws JournalDirectoryException when it is damaged, or lost
   */
  Holds holds() throws IOException {
    String current = current(path);
    if (current == null) {
      if (names(ENTRIES_OF_ROCKSDB).stream().anyMatch(name -> !isEmpty(path.resolve(name)))) {
        throw new JournalDirectoryException(
            path
                + " has lost its file "
                + CURRENT
                + ", without which the log cannot be read: "
                + JournalDirectoryException.WHAT_TO_DO);
      }
      return Holds.NOTHING;
    }
    if (current.startsWith(ROCKSDB)) {
      return Holds.ROCKSDB;
    }
    if (!current.equals(OURS + "\n")) {
      throw new JournalDirectoryException(
          path.resolve(CURRENT) + " is damaged: " + JournalDirectoryException.WHAT_TO_DO);
    }
    return Holds.SEGMENTS;
  }

  /** Whether a log is RocksDB's still, and is to be converted at the next start. */
  static boolean isOfRocksDb(Path log) {
    try {
      String current = current(log);
      return current != null && current.startsWith(ROCKSDB);
    } catch (IOException e) {
      throw new JournalDirectoryException(log + " cannot be read: " + e, e);
    }
  }

  private static @Nullable String current(Path log) throws IOException {
    Path file = log.resolve(CURRENT);
    return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : null;
  }

  private static boolean isEmpty(Path file) {
    return file.toFile().length() == 0;
  }

  private List<String> names(Pattern pattern) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> pattern.matcher(name).matches())
          .toList();
    }
  }

  /** The segments count from here on, on disk when this returns. */
  void takeSegments() throws IOException {
    DirectoryFile.force(path);
    DirectoryFile.write(path, CURRENT, List.of(OURS));
  }

  /** An empty directory for the segments; what an unfinished start has left there goes. */
  void clearSegments() throws IOException {
    Path segments = segments();
    if (Files.exists(segments)) {
      try (Stream<Path> files = Files.list(segments)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    } else {
      PrivateFiles.createDirectories(segments);
      DirectoryFile.force(path);
    }
  }

  /** Removes what RocksDB has left beside the segments. */
  void removeRocksDb() throws IOException {
    List<String> names = names(FILES_OF_ROCKSDB);
    for (String name : names) {
      Files.delete(path.resolve(name));
    }
    if (!names.isEmpty()) {
      DirectoryFile.force(path);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
