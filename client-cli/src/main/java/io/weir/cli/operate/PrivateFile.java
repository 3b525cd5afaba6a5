package io.weir.cli.operate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file with values: nobody but its owner may read it, where the file system knows owners. */
final class PrivateFile {

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private PrivateFile() {}

  /**
   * Creates it, so from its first byte on.
   *
   * @throws FileAlreadyExistsException when it is there
   */
  static FileChannel create(Path path) throws IOException {
    boolean hasOwners = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        hasOwners ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0]);
  }
}
