package io.weir.load.verify;

import io.weir.load.workload.ClientShare;
import io.weir.load.workload.KeySpace;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * A write log on disk, for an audit by another process: gzip, whose checksum tells a damaged file,
 * of a header and one number of variable length for each key. About a byte a key.
 */
public final class WriteLogFile {

  private static final String MAGIC = "weir write log 1";

  private WriteLogFile() {}

  /** Writes a log that nobody changes any more; what was there before is replaced. */
  public static void write(WriteLog log, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(file))))) {
      out.writeUTF(MAGIC);
      out.writeUTF(log.keys().prefix());
      out.writeInt(log.keys().count());
      out.writeUTF(log.share().toString());
      out.writeInt(log.smallestValue());
      out.writeInt(log.largestValue());
      out.writeInt(log.run());
      out.writeLong(log.acknowledged());
      out.writeLong(log.ambiguous());
      int end = log.end();
      out.writeInt(end);
      for (int key = 0; key < end; key++) {
        int rest = log.state(key);
        for (; (rest & ~0x7F) != 0; rest >>>= 7) {
          out.writeByte(rest | 0x80);
        }
        out.writeByte(rest);
      }
    }
  }

  /**
   * Reads a log.
   *
   * @throws IOException when the file cannot be read, or is none; the message says why
   */
  public static WriteLog read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
      if (!in.readUTF().equals(MAGIC)) {
        throw new IOException(file + " is no write log of weir load");
      }
      KeySpace keys = new KeySpace(in.readUTF(), in.readInt());
      ClientShare share = ClientShare.parse(in.readUTF());
      WriteLog log = new WriteLog(keys, share, in.readInt(), in.readInt(), in.readInt());
      log.restoreTotals(in.readLong(), in.readLong());
      int end = in.readInt();
      for (int key = 0; key < end; key++) {
        int state = 0;
        int shift = 0;
        int part;
        do {
          part = in.readUnsignedByte();
          state |= (part & 0x7F) << shift;
          shift += 7;
        } while ((part & 0x80) != 0);
        if (state != 0) {
          log.restore(key, state);
        }
      }
      if (in.read() >= 0) {
        throw new IOException(file + " is longer than a write log of weir load");
      }
      return log;
    } catch (ZipException | EOFException | UTFDataFormatException | RuntimeException e) {
      throw new IOException(file + " is no whole write log of weir load: " + e.getMessage(), e);
    }
  }
}
