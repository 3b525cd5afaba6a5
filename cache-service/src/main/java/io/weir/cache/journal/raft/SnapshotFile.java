package io.weir.cache.journal.raft;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
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
 * The file of a snapshot: the epoch and the dirty set, between a magic number and a checksum.
 *
 * <pre>
 * file  = magic:u64 format:u8(1) epoch:i64 (length:u32 put-or-delete)* end:u32(0) count:u64 crc32c:u32
 * </pre>
 *
 * The checksum covers all bytes before it. A write is encoded as {@link EntryCodec} has it.
 */
final class SnapshotFile {

  static final String NAME = "dirty";

  private static final long MAGIC = 0x5745_4952_534e_4150L;
  private static final byte FORMAT = 1;
  private static final int BUFFER = 1 << 16;

  private SnapshotFile() {}

  /** Writes a file and syncs it; returns its size. */
  static long write(Path file, long epoch, Iterable<Write> dirty) throws IOException {
    CRC32C checksum = new CRC32C();
    try (FileOutputStream raw = new FileOutputStream(file.toFile());
        DataOutputStream out =
            new DataOutputStream(
                new CheckedOutputStream(new BufferedOutputStream(raw, BUFFER), checksum))) {
      out.writeLong(MAGIC);
      out.writeByte(FORMAT);
      out.writeLong(epoch);
      long count = 0;
      for (Write write : dirty) {
        Mutation mutation = new Mutation.Written(write);
        ByteBuffer record = ByteBuffer.allocate(EntryCodec.sizeOf(mutation));
        EntryCodec.write(mutation, record);
        out.writeInt(record.capacity());
        out.write(record.array());
        count++;
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
   * Verifies a file to its last byte; returns its epoch.
   *
   * @throws IOException when it cannot be read, is cut short or does not match its checksum
   */
  static long verify(Path file) throws IOException {
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
            "the snapshot " + file + " holds " + count + " writes, not " + reader.claimed);
      }
      return reader.epoch;
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

  /** The writes of a snapshot, one after the other. One thread's own. */
  static final class Reader implements Iterator<Write>, AutoCloseable {

    private final DataInputStream in;
    private final long epoch;
    private final long size;
    private int length;
    private long claimed;

    private Reader(Path file) throws IOException {
      size = Files.size(file);
      InputStream raw = Files.newInputStream(file);
      in = new DataInputStream(new BufferedInputStream(raw, BUFFER));
      try {
        if (in.readLong() != MAGIC || in.readByte() != FORMAT) {
          throw new IOException(file + " is no snapshot of a format that this version reads");
        }
        epoch = in.readLong();
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
    public Write next() {
      if (length == 0) {
        throw new NoSuchElementException();
      }
      try {
        byte[] record = new byte[length];
        in.readFully(record);
        ByteBuffer buffer = ByteBuffer.wrap(record);
        Mutation mutation = EntryCodec.read(buffer);
        if (buffer.hasRemaining() || !(mutation instanceof Mutation.Written written)) {
          throw new CorruptEntryException("a record that is no write");
        }
        advance();
        return written.write();
      } catch (BufferUnderflowException e) {
        throw new CorruptEntryException("a record that is cut short");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
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
