package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

  @TempDir Path path;

  @Test
  void whatIsCreatedIsItsOwnersAlone() throws IOException {
    Path directory = path.resolve("a/b");
    PrivateFiles.createDirectories(directory);
    PrivateFiles.createFile(directory.resolve("empty"));
    PrivateFiles.replace(directory.resolve("file"), "one");
    PrivateFiles.replace(directory.resolve("file"), "two");
    assertThat(rights(path.resolve("a"))).isEqualTo("rwx------");
    assertThat(rights(directory)).isEqualTo("rwx------");
    assertThat(rights(directory.resolve("empty"))).isEqualTo("rw-------");
    assertThat(rights(directory.resolve("file"))).isEqualTo("rw-------");
    assertThat(directory.resolve("file")).hasContent("two");
    assertThatThrownBy(() -> PrivateFiles.createFile(directory.resolve("file")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void aDirectoryThatExistsKeepsItsRightsUntilItIsClosed() throws IOException {
    Path directory = Files.createDirectory(path.resolve("shared"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    PrivateFiles.createDirectories(directory);
    assertThat(rights(directory)).isEqualTo("rwxr-xr-x");
    assertThat(PrivateFiles.isOpenToOthers(directory)).isTrue();
    PrivateFiles.close(directory);
    assertThat(rights(directory)).isEqualTo("rwx------");
    assertThat(PrivateFiles.isOpenToOthers(directory)).isFalse();
  }

  @Test
  void aGroupIsNoStranger() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwx---"));
    assertThat(PrivateFiles.isOpenToOthers(path)).isFalse();
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
