package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class DataDirectoryTest {

  @TempDir Path path;

  @Test
  void aNewOneIsItsOwnersAlone(CapturedOutput output) throws IOException {
    Path directory = path.resolve("a/b");
    DataDirectory.prepare("weir.data-dir", directory);
    DataDirectory.prepare("weir.data-dir", directory);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
    assertThat(output).doesNotContain("every account");
  }

  @Test
  void oneThatOthersCanReadIsSpokenOfAndLeftAsItIs(CapturedOutput output) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    DataDirectory.prepare("weir.data-dir", path);
    assertThat(output).contains("every account of this machine can read " + path, "chmod 700");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void whatCannotBeCreatedStopsTheStart() throws IOException {
    Path file = Files.createFile(path.resolve("file"));
    assertThatThrownBy(() -> DataDirectory.prepare("weir.data-dir", file.resolve("below")))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessageContaining("weir.data-dir is " + file.resolve("below"));
  }
}
