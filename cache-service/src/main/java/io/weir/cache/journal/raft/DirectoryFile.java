package io.weir.cache.journal.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The small files of a journal's directory: each is replaced whole, and on disk from then on. */
public final class DirectoryFile {

  private DirectoryFile() {}

  /** Replaces a file that anybody may read. */
  static void write(Path directory, String name, List<String> lines) throws IOException {
    replace(directory, name, bytes(lines));
  }

  /** Replaces a file that is for its owner alone. */
  static void writeSecret(Path directory, String name, List<String> lines) throws IOException {
    writeSecret(directory, name, bytes(lines));
  }

  /** Replaces a file that is for its owner alone. */
  public static void writeSecret(Path directory, String name, byte[] bytes) throws IOException {
    replace(directory, name, bytes, forOwnerAlone(directory));
  }

  private static byte[] bytes(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void replace(
      Path directory, String name, byte[] bytes, FileAttribute<?>... attributes)
      throws IOException {
    Path draft = directory.resolve(name + ".draft");
    Files.deleteIfExists(draft);
    Files.createFile(draft, attributes);
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    force(directory);
  }

  /** Has a directory's names on disk. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] forOwnerAlone(Path directory) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
