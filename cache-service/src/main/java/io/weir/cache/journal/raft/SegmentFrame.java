package io.weir.cache.journal.raft;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What one write to a segment of the log appends, big endian:
 *
 * <pre>
 * frame = salt:u64 crc32c:u32 length:u32 offset:u32 kind:u32 count:u32 index:u64 body
 * </pre>
 *
 * The length is the body's, and the offset the frame's own in its file. The checksum covers all but
 * itself. The salt was drawn for this use of the file, and is in no other place than the heads of
 * frames: neither what an earlier use has left, nor what a user wrote, reads as a frame.
 *
 * @param kind one of the four below
 * @param offset in the file, in bytes
 * @param length of the body, in bytes
 * @param count of the entries in the body; 0 for other kinds
 * @param index of the first entry in the body; else the first that is kept, or the next to come
 */
record SegmentFrame(int kind, int offset, int length, int count, long index) {

  /** Entries follow the log's last one. */
  static final int ENTRIES = 1;

  /** The entries below the index are dropped; the log goes on there, if it ended before. */
  static final int PREFIX = 2;

  /** The entries from the index on are dropped. */
  static final int SUFFIX = 3;

  /** All entries are dropped, and the log goes on with the index. */
  static final int RESET = 4;

  /** Bytes of a frame before its body. */
  static final int HEAD = Long.BYTES + 5 * Integer.BYTES + Long.BYTES;

  private static final int CRC = Long.BYTES;
  private static final int LENGTH = CRC + Integer.BYTES;
  private static final int OFFSET = LENGTH + Integer.BYTES;
  private static final int KIND = OFFSET + Integer.BYTES;
  private static final int COUNT = KIND + Integer.BYTES;
  private static final int INDEX = COUNT + Integer.BYTES;

  int body() {
    return offset + HEAD;
  }

  int end() {
    return body() + length;
  }

  /**
   * Writes the head in front of a body.
   *
   * @param frame that begins at 0 and ends at the limit, with the body in place
   */
  void writeHead(ByteBuffer frame, long salt) {
    frame
        .putLong(0, salt)
        .putInt(LENGTH, length)
        .putInt(OFFSET, offset)
        .putInt(KIND, kind)
        .putInt(COUNT, count)
        .putLong(INDEX, index);
    frame.putInt(CRC, checksum(frame, 0, frame.limit()));
  }

  /** The frame that begins at an offset of a file's bytes; null when there is no whole one. */
  static @Nullable SegmentFrame at(ByteBuffer file, int offset, long salt) {
    if (offset > file.limit() - HEAD || file.getLong(offset) != salt) {
      return null;
    }
    int length = file.getInt(offset + LENGTH);
    SegmentFrame frame =
        new SegmentFrame(
            file.getInt(offset + KIND),
            file.getInt(offset + OFFSET),
            length,
            file.getInt(offset + COUNT),
            file.getLong(offset + INDEX));
    if (frame.offset != offset || length < 0 || length > file.limit() - offset - HEAD) {
      return null;
    }
    return file.getInt(offset + CRC) == checksum(file, offset, frame.end()) ? frame : null;
  }

  private static int checksum(ByteBuffer bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(from, CRC));
    crc.update(bytes.slice(from + LENGTH, to - from - LENGTH));
    return (int) crc.getValue();
  }
}
