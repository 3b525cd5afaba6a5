package io.weir.cache.journal.raft;

import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.JournalFormatException;
import io.weir.cache.journal.Mutation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The file of a snapshot: the epoch and the mutations that make the state, between a magic number
 * and a checksum.
 *
 * <pre>
 * file   = magic:u64 format:u8 epoch:i64 record* end:u32(0) count:u64 crc32c:u32
 * record = length:u32 put-or-delete      in format 1
 *        | mutation                      in format 2, which begins with its length
 * </pre>
 *
 * The checksum covers all bytes before it. A mutation is encoded as {@link MutationCodec} has it.
 * In format 1 there is no room for anything but writes.
 */
final class SnapshotFile {

  static final String NAME = "dirty";

  private static final long MAGIC = 0x5745_4952_534e_4150L;
  private static final int BUFFER = 1 << 16;

  /** Bytes between two syncs: the log's own sync waits for no more than that on the same disk. */
  private static final long SYNC_STEP = 8L << 20;

  private SnapshotFile() {}

  /**
   * What a snapshot says besides its mutations.
   *
   * @param format that it is written in, which is its group's
   */
  record Header(int format, long epoch) {}

  /** Writes a file and syncs it; returns its size. */
  static long write(Path file, Header header, Iterable<Mutation> state) throws IOException {
    CRC32C checksum = new CRC32C();
    try (FileOutputStream raw = new FileOutputStream(file.toFile());
        DataOutputStream out =
            new DataOutputStream(
                new CheckedOutputStream(new BufferedOutputStream(raw, BUFFER), checksum))) {
      out.writeLong(MAGIC);
      int format = header.format();
      out.writeByte(format);
      out.writeLong(header.epoch());
      long count = 0;
      long unsynced = 0;
      for (Mutation mutation : state) {
        if (!MutationCodec.isIn(mutation, format)) {
          continue;
        }
        ByteBuffer record = ByteBuffer.allocate(MutationCodec.sizeOf(mutation, format));
        MutationCodec.write(mutation, format, record);
        if (format == JournalFormat.FIRST) {
          out.writeInt(record.capacity());
        }
        out.write(record.array());
        count++;
        unsynced += record.capacity();
        if (unsynced >= SYNC_STEP) {
          out.flush();
          raw.getFD().sync();
          unsynced = 0;
        }
      }
      out.writeInt(0);
      out.writeLong(count);
      out.writeInt((int) checksum.getValue());
      out.flush();
      raw.getFD().sync();
    }
    return Files.size(file);
  }

  /**
   * Verifies a file to its last byte.
   *
   * @throws IOException when it cannot be read, is cut short or does not match its checksum
   * @throws JournalFormatException when a later version has written it
   */
  static Header verify(Path file) throws IOException {
    long size = Files.size(file);
    if (size < Integer.BYTES) {
      throw new EOFException("the snapshot " + file + " has only " + size + " bytes");
    }
    CRC32C checksum = new CRC32C();
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), BUFFER), checksum))) {
      byte[] chunk = new byte[BUFFER];
      long left = size - Integer.BYTES;
      while (left > 0) {
        int length = (int) Math.min(chunk.length, left);
        in.readFully(chunk, 0, length);
        left -= length;
      }
      int computed = (int) checksum.getValue();
      if (in.readInt() != computed) {
        throw new IOException("the snapshot " + file + " does not match its checksum");
      }
    }
    try (Reader reader = new Reader(file)) {
      long count = 0;
      while (reader.hasNext()) {
        reader.next();
        count++;
      }
      if (count != reader.claimed) {
        throw new IOException(
            "the snapshot " + file + " holds " + count + " records, not " + reader.claimed);
      }
      return reader.header;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CorruptEntryException e) {
      throw new IOException("the snapshot " + file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Opens a verified file. */
  static Reader read(Path file) throws IOException {
    return new Reader(file);
  }

  /** The mutations of a snapshot, one after the other. One thread's own. */
  static final class Reader implements Iterator<Mutation>, AutoCloseable {

    private final DataInputStream in;
    private final Header header;
    private final long size;
    private int length;
    private long claimed;

    private Reader(Path file) throws IOException {
      size = Files.size(file);
      InputStream raw = Files.newInputStream(file);
      in = new DataInputStream(new BufferedInputStream(raw, BUFFER));
      try {
        if (in.readLong() != MAGIC) {
          throw new IOException(file + " is not a snapshot");
        }
        int format = in.readUnsignedByte();
        if (format > JournalFormat.HIGHEST) {
          throw JournalFormatException.ofFormat(format);
        }
        if (format < JournalFormat.FIRST) {
          throw new IOException(file + " is a snapshot of no format");
        }
        header = new Header(format, in.readLong());
        advance();
      } catch (IOException | RuntimeException e) {
        in.close();
        throw e;
      }
    }

    @Override
    public boolean hasNext() {
      return length > 0;
    }

    @Override
    public Mutation next() {
      if (length == 0) {
        throw new NoSuchElementException();
      }
      try {
        Mutation mutation = header.format == JournalFormat.FIRST ? readWrite() : readAny();
        advance();
        return mutation;
      } catch (BufferUnderflowException e) {
        throw new CorruptEntryException("a record that is cut short");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Mutation readWrite() throws IOException {
      byte[] record = new byte[length];
      in.readFully(record);
      ByteBuffer buffer = ByteBuffer.wrap(record);
      Mutation mutation = MutationCodec.read(JournalFormat.FIRST, buffer);
      if (buffer.hasRemaining() || !(mutation instanceof Mutation.Written)) {
        throw new CorruptEntryException("a record that is not a write");
      }
      return mutation;
    }

    private Mutation readAny() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + length).putInt(length);
      in.readFully(buffer.array(), Integer.BYTES, length);
      return MutationCodec.read(header.format, buffer.rewind());
    }

    private void advance() throws IOException {
      length = in.readInt();
      if (length < 0 || length > size) {
        throw new IOException("a record of " + length + " bytes in a file of " + size);
      }
      if (length == 0) {
        claimed = in.readLong();
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
