package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the segments of a log at the start, frame by frame, as they were written.
 *
 * <p><b>Damage.</b> A segment begins once the one before is on disk, and says where that ends and
 * which entries the log had: what differs is damage. In the last segment a frame is written once
 * the one before is on disk. So a frame that does not read, with a whole one anywhere behind it, is
 * damage; with none it is one that was being written, was promised to nobody, and is dropped.
 * Damage of exactly the last frame is not told apart from that.
 *
 * <p><b>What is read is on disk.</b> The last frame may have been read from the operating system's
 * memory, and not be on disk, nor known there to be missing if an earlier wait for the disk failed.
 * It is written once more, and waited for. What follows it is overwritten with zeros.
 */
final class SegmentRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentRecovery.class);

  private static final String SUFFIX = ".log";
  private static final Pattern NAME = Pattern.compile("\\d{16}\\.log");

  /** Bytes of zeros that are written at once. */
  private static final int ZEROS = 64 << 10;

  private final Path directory;
  private final StoredEntries codec;
  private final List<Path> files;
  private final List<SegmentHeader> headers = new ArrayList<>();
  private final TreeMap<Long, LogEntry> configurations = new TreeMap<>();

  SegmentRecovery(Path directory, StoredEntries codec) throws IOException {
    this.directory = directory;
    this.codec = codec;
    files = segmentsIn(directory);
  }

  /** The files of a directory that are segments, the oldest first. */
  static List<Path> segmentsIn(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  static Path nameOf(Path directory, long sequence) {
    return directory.resolve(String.format("%016d", sequence) + SUFFIX);
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** The configurations in the log, in its order. */
  Collection<LogEntry> configurations() {
    return configurations.values();
  }

  /**
   * Reads the log, and leaves its last frame on disk.
   *
   * @throws JournalDirectoryException when it is damaged
   */
  SegmentIndex recover() throws IOException {
    for (Path file : files) {
      headers.add(headerOf(file));
    }
    SegmentHeader oldest = headers.getFirst();
    SegmentIndex index = new SegmentIndex(oldest.first(), oldest.next());
    try {
      for (int i = 0; i < files.size(); i++) {
        replay(i, index);
      }
      if (!index.isWhole()) {
        throw damaged(
            files.getFirst(),
            0,
            "the log begins with entry " + index.first() + ", which is in none of the segments");
      }
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
    DirectoryFile.force(directory);
    configurations.headMap(index.first()).clear();
    return index;
  }

  private SegmentHeader headerOf(Path file) throws IOException {
    long size = Files.size(file);
    ByteBuffer page = ByteBuffer.allocate((int) Math.min(size, SegmentHeader.BYTES));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      read(channel, page, file);
    }
    SegmentHeader header = SegmentHeader.read(page, file.toString());
    if (header == null) {
      throw damaged(file, 0, "its header does not read");
    }
    if (header.size() != size) {
      throw damaged(file, Math.min(header.size(), size), size + " bytes, of " + header.size());
    }
    if (!nameOf(directory, header.sequence()).equals(file)) {
      throw damaged(file, 0, "it is the segment " + header.sequence());
    }
    if (!headers.isEmpty()) {
      SegmentHeader before = headers.getLast();
      if (header.sequence() != before.sequence() + 1) {
        throw damaged(file, 0, "the segment before is " + before.sequence());
      }
      if (header.previousSalt() != before.salt()) {
        throw damaged(file, 0, "it does not belong to the segment before");
      }
    }
    return header;
  }

  private void replay(int number, SegmentIndex index) throws IOException {
    Path file = files.get(number);
    SegmentHeader header = headers.get(number);
    Segment segment = Segment.open(file, header);
    index.add(segment);
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer bytes = arena.allocate(header.size()).asByteBuffer();
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        read(channel, bytes, file);
      }
      bytes.clear();
      int last = 0;
      SegmentFrame frame;
      long end = number + 1 < files.size() ? headers.get(number + 1).previousEnd() : header.size();
      while (segment.end() < end
          && (frame = SegmentFrame.at(bytes, segment.end(), header.salt())) != null) {
        apply(frame, bytes, file, index);
        last = frame.offset();
        segment.found(frame);
      }
      if (number + 1 < files.size()) {
        requireContinued(headers.get(number + 1), segment, index);
      } else {
        requireNothingBehind(bytes, segment);
        settle(bytes, last, segment);
      }
    }
  }

  private void apply(SegmentFrame frame, ByteBuffer bytes, Path file, SegmentIndex index) {
    try {
      switch (frame.kind()) {
        case SegmentFrame.ENTRIES -> entries(frame, bytes, index);
        case SegmentFrame.PREFIX -> index.keepFrom(frame.index());
        case SegmentFrame.SUFFIX -> {
          index.keepBelow(frame.index());
          configurations.tailMap(frame.index()).clear();
        }
        case SegmentFrame.RESET -> {
          index.restart(frame.index());
          configurations.clear();
        }
        default -> throw new CorruptEntryException("a frame of the unknown kind " + frame.kind());
      }
    } catch (CorruptEntryException | IllegalStateException e) {
      throw damaged(file, frame.offset(), String.valueOf(e.getMessage()));
    }
  }

  private void entries(SegmentFrame frame, ByteBuffer bytes, SegmentIndex index) {
    if (frame.count() <= 0 || frame.count() > frame.length()) {
      throw new CorruptEntryException(frame.count() + " entries in " + frame.length() + " bytes");
    }
    int[] lengths = new int[frame.count()];
    int at = frame.body();
    for (int i = 0; i < lengths.length; i++) {
      ByteBuffer rest = bytes.duplicate().limit(frame.end()).position(at);
      lengths[i] = StoredEntries.lengthAt(rest);
      if (!StoredEntries.isPlainAt(rest)) {
        LogEntry entry = codec.decode(bytes.slice(at, lengths[i]), frame.index() + i);
        if (entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
          configurations.put(entry.getId().getIndex(), entry);
        }
      }
      at += lengths[i];
    }
    if (at != frame.end()) {
      throw new CorruptEntryException((frame.end() - at) + " bytes behind the last entry");
    }
    index.appended(frame.index(), frame.body(), lengths);
  }

  private void requireContinued(SegmentHeader next, Segment segment, SegmentIndex index) {
    if (segment.end() != next.previousEnd()) {
      throw damaged(
          segment.path(),
          segment.end(),
          "no whole frame, and there are some up to " + next.previousEnd());
    }
    if (index.first() != next.first() || index.next() != next.next()) {
      throw damaged(
          nameOf(directory, next.sequence()),
          0,
          "it follows the entries from "
              + next.first()
              + " up to "
              + (next.next() - 1)
              + ", and those before it are from "
              + index.first()
              + " up to "
              + (index.next() - 1));
    }
  }

  private static void requireNothingBehind(ByteBuffer bytes, Segment segment) {
    long salt = segment.header().salt();
    for (int at = segment.end() + 1; at <= bytes.limit() - SegmentFrame.HEAD; at++) {
      if (SegmentFrame.at(bytes, at, salt) != null) {
        throw damaged(
            segment.path(), segment.end(), "no whole frame, and there is one behind it at " + at);
      }
    }
  }

  /** See the class: the last frame is written anew, and zeros over what follows it. */
  private static void settle(ByteBuffer bytes, int last, Segment segment) throws IOException {
    int end = segment.end();
    if (bytes.limit() - end >= Long.BYTES && bytes.getLong(end) == segment.header().salt()) {
      LOG.warn(
          "{}: what was being written at {} when the process ended is dropped",
          segment.path(),
          end);
    }
    if (last > 0) {
      segment.writeAt(bytes.slice(last, end - last), last);
    }
    int dirty = bytes.limit();
    while (dirty > end && bytes.get(dirty - 1) == 0) {
      dirty--;
    }
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
    for (int at = end; at < dirty; at += ZEROS) {
      segment.writeAt(zeros.clear().limit(Math.min(ZEROS, dirty - at)), at);
    }
    segment.force();
  }

  private static void read(FileChannel channel, ByteBuffer into, Path file) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException(file + " ends before its size");
      }
    }
    into.flip();
  }

  private static JournalDirectoryException damaged(Path file, long offset, String how) {
    return new JournalDirectoryException(
        file
            + " is damaged at byte "
            + offset
            + " ("
            + how
            + "): "
            + JournalDirectoryException.WHAT_TO_DO);
  }
}
