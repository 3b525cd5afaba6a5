package io.weir.cache.journal.raft;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One file of the log, of a fixed size, and where its entries are.
 *
 * <p><b>Concurrency.</b> Frames are written by the log's thread alone. Where entries are is guarded
 * by the lock of {@link SegmentIndex}. Entries are read by any thread, one at a time, and not
 * through the channel: an interrupt of a reader would close that for the writer too.
 */
final class Segment implements AutoCloseable {

  private static final int FEW = 64;

  private final Path path;
  private final SegmentHeader header;
  private final RandomAccessFile file;

  /** Where the next frame goes. */
  private int end = SegmentHeader.BYTES;

  /** The index of the first entry here. */
  private long base;

  private int count;
  private int[] offsets = new int[FEW];
  private int[] lengths = new int[FEW];

  private Segment(Path path, SegmentHeader header, RandomAccessFile file) {
    this.path = path;
    this.header = header;
    this.file = file;
    base = header.next();
  }

  static Segment open(Path path, SegmentHeader header) throws IOException {
    return new Segment(path, header, new RandomAccessFile(path.toFile(), "rw"));
  }

  Path path() {
    return path;
  }

  SegmentHeader header() {
    return header;
  }

  int end() {
    return end;
  }

  /** Bytes that frames may still take. */
  long room() {
    return header.size() - end;
  }

  /** Appends a frame, which is on disk when this returns. */
  void write(ByteBuffer frame) throws IOException {
    writeAt(frame, end);
    force();
    end += frame.limit();
  }

  /** Overwrites bytes that recovery has read, or found to be none of a frame. */
  void writeAt(ByteBuffer bytes, int offset) throws IOException {
    FileChannel channel = file.getChannel();
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Has what was written on disk. The size never changes, so that the data alone is waited for. */
  void force() throws IOException {
    file.getChannel().force(false);
  }

  /** A frame was found here at the start. */
  void found(SegmentFrame frame) {
    end = frame.end();
  }

  long base() {
    return base;
  }

  int count() {
    return count;
  }

  /** Another entry, which follows those that are here. */
  void add(long index, int offset, int length) {
    if (count == 0) {
      base = index;
    }
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    offsets[count] = offset;
    lengths[count] = length;
    count++;
  }

  /** Forgets the entries from an index on. */
  void keepBelow(long next) {
    if (next <= base) {
      count = 0;
      base = next;
    } else {
      count = (int) Math.min(count, next - base);
    }
  }

  /** Forgets all entries; the next one has an index. */
  void clear(long next) {
    count = 0;
    base = next;
  }

  boolean holds(long index) {
    return index >= base && index - base < count;
  }

  /** Reads an entry that is here. */
  byte[] read(long index) throws IOException {
    int at = (int) (index - base);
    byte[] bytes = new byte[lengths[at]];
    synchronized (file) {
      file.seek(offsets[at]);
      file.readFully(bytes);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
