package io.weir.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories that their owner alone may read and change, whatever the umask says. Where
 * the file system has no owners, they are as all others there.
 *
 * <p>A directory that exists keeps its rights: it may be one that others share, such as {@code
 * /tmp}.
 */
public final class PrivateFiles {

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("------rwx");

  private PrivateFiles() {}

  /** Creates a directory, and what is missing above it. */
  public static void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory, onlyFor("rwx------", directory));
  }

  /**
   * Creates an empty file.
   *
   * @throws java.nio.file.FileAlreadyExistsException when there is one
   */
  public static void createFile(Path file) throws IOException {
    Files.createFile(file, onlyFor("rw-------", file));
  }

  /** Replaces a file as a whole, so that nobody reads half of it. */
  public static void replace(Path file, String content) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    createFile(next);
    Files.writeString(next, content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Takes the rights of all others from a directory or file that is this process's owner's.
   *
   * @throws IOException when it belongs to somebody else
   */
  public static void close(Path path) throws IOException {
    if (hasOwners(path)) {
      Files.setPosixFilePermissions(
          path,
          PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
    }
  }

  /** Whether accounts that are neither the owner nor of its group have any right to it. */
  public static boolean isOpenToOthers(Path path) throws IOException {
    return hasOwners(path)
        && Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains);
  }

  private static FileAttribute<?>[] onlyFor(String owner, Path path) {
    return hasOwners(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(owner))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasOwners(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
