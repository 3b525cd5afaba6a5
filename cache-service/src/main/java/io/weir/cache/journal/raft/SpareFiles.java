package io.weir.cache.journal.raft;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that the log can go on in: all of their blocks are written, so that a frame changes no
 * metadata. One is filled with zeros ahead; later those that the log no longer needs are taken
 * again, as they are.
 *
 * <p><b>Ordering.</b> Segments are cleared away the oldest first, each on disk before the next:
 * those that are left have no gap.
 *
 * <p><b>Failure.</b> What cannot be made ahead is made when it is needed. What cannot be cleared
 * away ends the clearing, and is told.
 *
 * <p><b>Concurrency.</b> Files are taken by the log's thread; a thread of its own fills them and
 * clears away. The ready ones are guarded by this object.
 */
final class SpareFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpareFiles.class);

  /** What the log grows by between two snapshots, by default, so that no file is filled twice. */
  static final int MOST = 4;

  private static final String READY = "spare-";
  private static final String DRAFT = "draft-";
  private static final int CHUNK = 1 << 20;
  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;
  private final int size;
  private final Consumer<IOException> failed;
  private final Deque<Path> ready = new ArrayDeque<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("weir-log-files").factory());
  private long names;
  private volatile boolean stopped;

  /**
   * Takes over the files that are ready in a directory, and removes those that are not.
   *
   * @param size of each file, in bytes
   * @param failed told when the log's old files cannot be cleared away
   */
  SpareFiles(Path directory, int size, Consumer<IOException> failed) throws IOException {
    this.directory = directory;
    this.size = size;
    this.failed = failed;
    List<Path> found;
    try (Stream<Path> files = Files.list(directory)) {
      found = files.sorted().toList();
    }
    for (Path file : found) {
      String name = file.getFileName().toString();
      if (name.startsWith(READY) && Files.size(file) == size && ready.size() < MOST) {
        ready.add(file);
      } else if (name.startsWith(READY) || name.startsWith(DRAFT)) {
        Files.delete(file);
      }
    }
  }

  /** A file of at least a size, to be renamed; it is made now, unless one is ready. */
  Path take(long bytes) throws IOException {
    Path spare = bytes == size ? poll() : null;
    if (spare != null) {
      return spare;
    }
    Path made = unused(DRAFT);
    fill(made, bytes);
    return made;
  }

  private synchronized @Nullable Path poll() {
    return ready.poll();
  }

  private synchronized Path unused(String kind) {
    Path path;
    do {
      path = directory.resolve(kind + names++);
    } while (Files.exists(path));
    return path;
  }

  /** Has one made ahead, unless one is ready. */
  void prepare() {
    worker.execute(() -> {
      try {
        if (isWanted()) {
          Path draft = unused(DRAFT);
          fill(draft, size);
          keep(draft);
        }
      } catch (IOException e) {
        if (!stopped) {
          LOG.warn("no file for the journal's log can be made ahead: {}", e.toString());
        }
      }
    });
  }

  /** None is made where it would leave less room than it takes itself. */
  private synchronized boolean isWanted() throws IOException {
    return !stopped
        && ready.isEmpty()
        && Files.getFileStore(directory).getUsableSpace() > 2L * size;
  }

  /** Has segments cleared away that nobody reads any more. */
  void clearAway(List<Segment> unused) {
    if (unused.isEmpty()) {
      return;
    }
    List<Segment> segments = new ArrayList<>(unused);
    worker.execute(() -> {
      try {
        for (Segment segment : segments) {
          clearAway(segment);
        }
      } catch (IOException e) {
        // Those that follow have to stay: there would be a gap.
        worker.shutdownNow();
        failed.accept(e);
      }
    });
  }

  private void clearAway(Segment segment) throws IOException {
    segment.close();
    boolean kept;
    synchronized (this) {
      kept = segment.header().size() == size && ready.size() < MOST;
    }
    if (kept) {
      keep(segment.path());
    } else {
      Files.delete(segment.path());
      DirectoryFile.force(directory);
    }
  }

  private void keep(Path file) throws IOException {
    Path spare = unused(READY);
    Files.move(file, spare, StandardCopyOption.ATOMIC_MOVE);
    DirectoryFile.force(directory);
    synchronized (this) {
      ready.add(spare);
    }
  }

  private void fill(Path file, long bytes) throws IOException {
    try {
      PrivateFiles.createFile(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, bytes));
        for (long at = 0; at < bytes; ) {
          if (stopped) {
            throw new IOException("the log is being closed");
          }
          zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
          at += channel.write(zeros, at);
          // By and by, so that the log's own writes do not wait for all of it.
          channel.force(false);
        }
        channel.force(true);
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Waits until what is to be cleared away is. */
  @Override
  public void close() {
    stopped = true;
    worker.shutdown();
    try {
      if (!worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the files of the journal's log are not cleared away: the disk hangs");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
