package io.weir.cache.journal.raft;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first page of a segment of the log, big endian:
 *
 * <pre>
 * page = "WEIRLOG\n" version:u32 crc32c:u32 sequence:u64 salt:u64 size:u64
 *        previousSalt:u64 previousEnd:u64 first:u64 next:u64 zero*
 * </pre>
 *
 * The checksum covers all but itself. It is on disk before the file has its name as a segment, and
 * never written again while it has that.
 *
 * @param version of what is in the segment
 * @param sequence of the segment, one higher than that of the one before
 * @param salt drawn for this use of the file
 * @param size of the file, in bytes
 * @param previousSalt of the segment before; 0 for the first one
 * @param previousEnd where the frames of the segment before end, in bytes; 0 for the first one
 * @param first index of the log when the segment was begun
 * @param next index of the log then, which follows its last entry
 */
record SegmentHeader(
    int version,
    long sequence,
    long salt,
    long size,
    long previousSalt,
    long previousEnd,
    long first,
    long next) {

  /** Frames begin here, so that no write of one touches the header's page. */
  static final int BYTES = 4_096;

  /** 2 since entries have checksums of their own; what was written before is read. */
  static final int VERSION = 2;

  private static final long MAGIC =
      ByteBuffer.wrap("WEIRLOG\n".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int CRC = Long.BYTES + Integer.BYTES;

  /** The page, in a buffer of its own. */
  ByteBuffer page() {
    ByteBuffer page = ByteBuffer.allocate(BYTES);
    page.putLong(MAGIC).putInt(version).putInt(0);
    page.putLong(sequence).putLong(salt).putLong(size);
    page.putLong(previousSalt).putLong(previousEnd).putLong(first).putLong(next);
    page.clear();
    return page.putInt(CRC, checksum(page));
  }

  /**
   * Reads the page that a file begins with; null when that is damaged.
   *
   * @throws JournalDirectoryException when a later version has written it
   */
  static @Nullable SegmentHeader read(ByteBuffer file, String name) {
    if (file.limit() < BYTES
        || file.getLong(0) != MAGIC
        || file.getInt(CRC) != checksum(file.slice(0, BYTES))) {
      return null;
    }
    ByteBuffer in = file.duplicate().position(Long.BYTES);
    int version = in.getInt();
    if (version < 1 || version > VERSION) {
      throw new JournalDirectoryException(
          name
              + " is in format "
              + version
              + " of the log, and this version of Weir reads at most "
              + VERSION
              + ": start the version that wrote it, or a later one");
    }
    in.getInt();
    return new SegmentHeader(
        version,
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong());
  }

  private static int checksum(ByteBuffer page) {
    CRC32C crc = new CRC32C();
    crc.update(page.slice(0, CRC));
    crc.update(page.slice(CRC + Integer.BYTES, BYTES - CRC - Integer.BYTES));
    return (int) crc.getValue();
  }
}
