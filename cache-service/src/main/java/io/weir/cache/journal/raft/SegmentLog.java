package io.weir.cache.journal.raft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log in segments: files of a fixed size whose blocks are all written before, so that each frame
 * costs one write and one wait for the disk that has data alone to write. Nothing is ever written
 * in place: what drops entries is a frame too.
 *
 * <p><b>Ordering.</b> A frame is on disk before anything else is written, the next frame included.
 * A segment has its name on disk before its first frame is written.
 *
 * <p><b>Failure.</b> After a failure it is unknown what is on disk, so nothing more is written.
 *
 * <p><b>Concurrency.</b> Written by one thread; read by any, see {@link SegmentIndex}.
 */
final class SegmentLog implements AutoCloseable {

  /** Bytes of a segment; a frame that is larger has a file of its own size. */
  static final int SEGMENT_BYTES = 16 << 20;

  /** More than nearly all frames have; others get a buffer of their own. */
  private static final int BUFFER_BYTES = 1 << 20;

  private static final int PAGE = 4_096;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final int segmentBytes;
  private final SegmentIndex index;
  private final SpareFiles spares;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private boolean failed;

  private SegmentLog(Path directory, int segmentBytes, SegmentIndex index, SpareFiles spares) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.index = index;
    this.spares = spares;
  }

  /**
   * A log without entries, whose directory and first segment are on disk when this returns.
   *
   * @param directory that is empty
   * @param first index of the log
   */
  static SegmentLog create(
      Path directory, int segmentBytes, long first, Consumer<IOException> failed)
      throws IOException {
    SpareFiles spares = new SpareFiles(directory, segmentBytes, failed);
    SegmentLog log =
        new SegmentLog(directory, segmentBytes, new SegmentIndex(first, first), spares);
    try {
      log.begin(
          new SegmentHeader(
              SegmentHeader.VERSION, 1, RANDOM.nextLong(), segmentBytes, 0, 0, first, first));
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /**
   * The log that recovery has found.
   *
   * @throws JournalDirectoryException when it is damaged
   */
  static SegmentLog open(
      Path directory, int segmentBytes, SegmentRecovery recovery, Consumer<IOException> failed)
      throws IOException {
    SegmentIndex index = recovery.recover();
    SegmentLog log =
        new SegmentLog(
            directory, segmentBytes, index, new SpareFiles(directory, segmentBytes, failed));
    log.spares.clearAway(index.takeUnused());
    log.spares.prepare();
    if (index.active().header().version() < SegmentHeader.VERSION) {
      try {
        log.beginNext(0); // An earlier version that starts then sees at once that it is too old.
      } catch (IOException | RuntimeException e) {
        log.close();
        throw e;
      }
    }
    return log;
  }

  /** The index of the first entry, or of the one that is to come. */
  long first() {
    return index.first();
  }

  /** The index of the last entry; 0 when there is none. */
  long last() {
    return index.last();
  }

  /** An entry's bytes; null when the log does not have it. */
  byte @Nullable [] entry(long at) throws IOException {
    return index.entry(at);
  }

  /** Appends entries, the first of which has an index. */
  void append(StoredEntries.Encoding entries, long first) throws IOException {
    int count = entries.lengths().length;
    index.requireNext(first, count);
    SegmentFrame written = write(SegmentFrame.ENTRIES, entries, count, first);
    index.appended(first, written.body(), entries.lengths());
  }

  /** Drops the entries below an index. */
  void keepFrom(long first) throws IOException {
    if (first > index.first()) {
      write(SegmentFrame.PREFIX, null, 0, first);
      index.keepFrom(first);
      spares.clearAway(index.takeUnused());
    }
  }

  /** Drops the entries above an index. */
  void keepUpTo(long last) throws IOException {
    index.requireKeptBelow(last + 1);
    if (last + 1 < index.next()) {
      write(SegmentFrame.SUFFIX, null, 0, last + 1);
      index.keepBelow(last + 1);
    }
  }

  /** Drops all entries; the next one has an index. */
  void restart(long next) throws IOException {
    write(SegmentFrame.RESET, null, 0, next);
    index.restart(next);
    spares.clearAway(index.takeUnused());
  }

  private SegmentFrame write(
      int kind, StoredEntries.@Nullable Encoding entries, int count, long first)
      throws IOException {
    if (failed) {
      throw new IllegalStateException("the log has failed before");
    }
    failed = true;
    long body = entries == null ? 0 : entries.bytes();
    int bytes = Math.toIntExact(SegmentFrame.HEAD + body);
    if (bytes > index.active().room()) {
      beginNext(bytes);
    }
    SegmentFrame frame = new SegmentFrame(kind, index.active().end(), (int) body, count, first);
    if (bytes <= BUFFER_BYTES) {
      write(frame, entries, buffer.clear().limit(bytes));
    } else {
      try (Arena arena = Arena.ofConfined()) {
        write(frame, entries, arena.allocate(bytes).asByteBuffer());
      }
    }
    failed = false;
    return frame;
  }

  private void write(SegmentFrame frame, StoredEntries.@Nullable Encoding entries, ByteBuffer bytes)
      throws IOException {
    Segment segment = index.active();
    if (entries != null) {
      entries.write(bytes.position(SegmentFrame.HEAD));
    }
    frame.writeHead(bytes, segment.header().salt());
    segment.write(bytes.rewind());
  }

  private void beginNext(int frameBytes) throws IOException {
    Segment full = index.active();
    long needed = Math.addExact(SegmentHeader.BYTES, frameBytes);
    long size = needed <= segmentBytes ? segmentBytes : Math.ceilDiv(needed, (long) PAGE) * PAGE;
    begin(
        new SegmentHeader(
            SegmentHeader.VERSION,
            full.header().sequence() + 1,
            RANDOM.nextLong(),
            Math.toIntExact(size),
            full.header().salt(),
            full.end(),
            index.first(),
            index.next()));
  }

  private void begin(SegmentHeader header) throws IOException {
    Path spare = spares.take(header.size());
    try (FileChannel channel = FileChannel.open(spare, StandardOpenOption.WRITE)) {
      ByteBuffer page = header.page();
      for (long at = 0; page.hasRemaining(); ) {
        at += channel.write(page, at);
      }
      channel.force(false);
    }
    Path path = SegmentRecovery.nameOf(directory, header.sequence());
    if (Files.exists(path)) {
      throw new IOException(path + " exists");
    }
    Files.move(spare, path, StandardCopyOption.ATOMIC_MOVE);
    DirectoryFile.force(directory);
    index.add(Segment.open(path, header));
    spares.prepare();
  }

  @Override
  public void close() throws IOException {
    spares.close();
    index.close();
  }
}
