package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The entries in the body of a frame, big endian; their indexes follow from the frame's:
 *
 * <pre>
 * entry = 4:u8 crc32c:u32 term:u64 length:u32 data       data
 *       | 5:u8 crc32c:u32 length:u32 bytes               any other, as JRaft encodes it
 * </pre>
 *
 * <p>The checksum covers the index, and all but itself. An entry is read by itself, long after its
 * frame was: so it has a checksum of its own. What earlier versions wrote is read as well:
 *
 * <pre>
 * entry = 1:u8 term:u64 length:u32 data                  data without a checksum
 *       | 2:u8 term:u64 length:u32 checksum:u64 data     data with JRaft's checksum
 *       | 3:u8 length:u32 bytes                          any other, as JRaft encodes it
 * </pre>
 *
 * <p><b>Concurrency.</b> Stateless.
 */
final class StoredEntries {

  private static final byte OLD_DATA = 1;
  private static final byte OLD_DATA_WITH_CHECKSUM = 2;
  private static final byte OLD_OTHER = 3;
  private static final byte DATA = 4;
  private static final byte OTHER = 5;

  private static final int OLD_OTHER_HEAD = 1 + Integer.BYTES;
  private static final int OLD_DATA_HEAD = 1 + Long.BYTES + Integer.BYTES;
  private static final int CRC_END = 1 + Integer.BYTES;
  private static final int OTHER_HEAD = CRC_END + Integer.BYTES;
  private static final int DATA_HEAD = CRC_END + Long.BYTES + Integer.BYTES;

  private final LogEntryCodecFactory others;

  StoredEntries(LogEntryCodecFactory others) {
    this.others = others;
  }

  /** Entries that are to be written, with their sizes. */
  final class Encoding {
    private final List<LogEntry> entries;
    private final byte[] @Nullable [] encoded;
    private final int[] lengths;
    private final long bytes;

    private Encoding(List<LogEntry> entries) {
      this.entries = entries;
      encoded = new byte[entries.size()][];
      lengths = new int[entries.size()];
      long sum = 0;
      for (int i = 0; i < lengths.length; i++) {
        LogEntry entry = entries.get(i);
        if (isPlain(entry)) {
          lengths[i] = Math.addExact(DATA_HEAD, entry.getData().remaining());
        } else {
          byte[] other = others.encoder().encode(entry);
          encoded[i] = other;
          lengths[i] = Math.addExact(OTHER_HEAD, other.length);
        }
        sum += lengths[i];
      }
      bytes = sum;
    }

    /** Of all entries. */
    long bytes() {
      return bytes;
    }

    /** Bytes of each entry. */
    int[] lengths() {
      return lengths;
    }

    void write(ByteBuffer out) {
      for (int i = 0; i < lengths.length; i++) {
        int begin = out.position();
        byte[] other = encoded[i];
        if (other != null) {
          out.put(OTHER).putInt(0).putInt(other.length).put(other);
        } else {
          writePlain(entries.get(i), out);
        }
        ByteBuffer entry = out.slice(begin, out.position() - begin);
        out.putInt(begin + 1, checksum(entries.get(i).getId().getIndex(), entry));
      }
    }
  }

  Encoding encode(List<LogEntry> entries) {
    return new Encoding(entries);
  }

  private static boolean isPlain(LogEntry entry) {
    return entry.getType() == EntryType.ENTRY_TYPE_DATA
        && entry.getData() != null
        && entry.getPeers() == null
        && entry.getOldPeers() == null
        && entry.getLearners() == null
        && entry.getOldLearners() == null;
  }

  private static void writePlain(LogEntry entry, ByteBuffer out) {
    // Others read the entry's own buffer meanwhile.
    ByteBuffer data = entry.getData().duplicate();
    out.put(DATA).putInt(0).putLong(entry.getId().getTerm()).putInt(data.remaining()).put(data);
  }

  private static int checksum(long index, ByteBuffer entry) {
    CRC32C checksum = new CRC32C();
    checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, index));
    checksum.update(entry.get(0));
    checksum.update(entry.slice(CRC_END, entry.limit() - CRC_END));
    return (int) checksum.getValue();
  }

  /**
   * The bytes that an entry takes, by its head.
   *
   * @param in an entry begins at its position
   * @throws CorruptEntryException when none does
   */
  static int lengthAt(ByteBuffer in) {
    try {
      int at = in.position();
      byte kind = in.get(at);
      long length =
          switch (kind) {
            case DATA -> (long) DATA_HEAD + in.getInt(at + CRC_END + Long.BYTES);
            case OTHER -> (long) OTHER_HEAD + in.getInt(at + CRC_END);
            case OLD_DATA -> (long) OLD_DATA_HEAD + in.getInt(at + 1 + Long.BYTES);
            case OLD_DATA_WITH_CHECKSUM ->
                (long) OLD_DATA_HEAD + Long.BYTES + in.getInt(at + 1 + Long.BYTES);
            case OLD_OTHER -> (long) OLD_OTHER_HEAD + in.getInt(at + 1);
            default -> throw new CorruptEntryException("an entry of the unknown kind " + kind);
          };
      if (length < OLD_OTHER_HEAD || length > in.remaining()) {
        throw new CorruptEntryException("an entry of " + length + " bytes");
      }
      return (int) length;
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptEntryException("an entry without its head");
    }
  }

  static boolean isPlainAt(ByteBuffer in) {
    byte kind = in.get(in.position());
    return kind != OTHER && kind != OLD_OTHER;
  }

  /**
   * Reads one entry.
   *
   * @param in holds the entry and nothing else
   * @throws CorruptEntryException when it does not
   */
  LogEntry decode(ByteBuffer in, long index) {
    try {
      ByteBuffer all = in.slice();
      byte kind = in.get();
      LogEntry entry =
          switch (kind) {
            case DATA, OTHER -> {
              if (in.getInt() != checksum(index, all)) {
                throw changed(index);
              }
              yield kind == DATA ? data(in, index, false) : other(in, index);
            }
            case OLD_DATA, OLD_DATA_WITH_CHECKSUM ->
                data(in, index, kind == OLD_DATA_WITH_CHECKSUM);
            case OLD_OTHER -> other(in, index);
            default -> throw new CorruptEntryException("an entry of the unknown kind " + kind);
          };
      if (in.hasRemaining() || entry.isCorrupted()) {
        throw changed(index);
      }
      return entry;
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new CorruptEntryException("an entry ends in its middle");
    }
  }

  private static CorruptEntryException changed(long index) {
    return new CorruptEntryException("entry " + index + " is not what was written");
  }

  private static LogEntry data(ByteBuffer in, long index, boolean withChecksum) {
    LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(index, in.getLong()));
    byte[] data = new byte[length(in)];
    if (withChecksum) {
      entry.setChecksum(in.getLong());
    }
    in.get(data);
    entry.setData(ByteBuffer.wrap(data));
    return entry;
  }

  private LogEntry other(ByteBuffer in, long index) {
    byte[] bytes = new byte[length(in)];
    in.get(bytes);
    LogEntry entry = others.decoder().decode(bytes);
    if (entry == null || entry.getId().getIndex() != index) {
      throw new CorruptEntryException("no entry of JRaft's with the index " + index);
    }
    return entry;
  }

  private static int length(ByteBuffer in) {
    int length = in.getInt();
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    return length;
  }
}
