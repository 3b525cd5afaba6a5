package io.weir.lab.cluster;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo keeps its files: {@code cluster.json}, {@code logs/}, {@code database/} and {@code
 * database.password}, a folder for each other process, and {@code setup}, which says what cluster
 * these are the files of. Locked as long as it is open, so that one demo has it at a time.
 */
final class DataDirectory implements AutoCloseable {

  private final Path path;
  private final boolean temporary;
  private final FileChannel channel;

  private DataDirectory(Path path, boolean temporary, FileChannel channel) {
    this.path = path;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Opens a directory and makes it if it is not there.
   *
   * @param path null for a new temporary one
   * @throws LabException when another demo has it
   */
  static DataDirectory open(@Nullable Path path) {
    try {
      Path directory =
          path == null
              ? Files.createTempDirectory("weir-demo-")
              : path.toAbsolutePath().normalize();
      PrivateFiles.createDirectories(directory.resolve("logs"));
      FileChannel channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new LabException(
            Reason.USAGE,
            "another demo is using " + directory + "; stop it, or choose another --data-dir");
      }
      return new DataDirectory(directory, path == null, channel);
    } catch (IOException e) {
      throw new LabException(Reason.UNEXPECTED, "cannot use the data directory: " + e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path path() {
    return path;
  }

  Path log(String name) {
    return path.resolve("logs").resolve(name + ".log");
  }

  boolean isTemporary() {
    return temporary;
  }

  /**
   * Takes note of what cluster this directory belongs to.
   *
   * @throws LabException when it belongs to another: its registry would not take these shards
   */
  void belongsTo(int shards, int members, List<String> mysqlUrls) {
    String wanted =
        "--shards "
            + shards
            + (members == 1 ? "" : " --members " + members)
            + (mysqlUrls.isEmpty() ? "" : " --mysql " + locations(mysqlUrls));
    Path file = path.resolve("setup");
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, wanted + System.lineSeparator());
        return;
      }
      String found = Files.readString(file).strip();
      if (!found.equals(wanted)) {
        throw new LabException(
            Reason.USAGE,
            path
                + " holds a cluster that was started with "
                + found
                + ", not with "
                + wanted
                + "; start it like that again, or choose another --data-dir");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String locations(List<String> urls) {
    return urls.stream().map(JdbcUrls::location).collect(Collectors.joining(" "));
  }

  /** Deletes it with all that is in it. */
  void delete() {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
