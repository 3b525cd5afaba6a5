package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal on a disk that becomes full: a small file system in memory, which takes the right to
 * mount one.
 */
@Timeout(600)
class FullDiskTest {

  @TempDir Path directory;
  private boolean mounted;

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      run("umount", disk().toString());
    }
  }

  private Path disk() {
    return directory.resolve("disk");
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  @Test
  void aFullDiskEndsTheMemberAndLosesNothingThatWasAcknowledged() throws Exception {
    Files.createDirectories(disk());
    try {
      mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk().toString());
    } catch (IOException e) {
      mounted = false;
    }
    assumeTrue(mounted, "no right to mount a file system here");
    int port = FreePorts.next();
    Path journal = disk().resolve("journal");
    List<Long> acknowledged = new ArrayList<>();
    Process process = AppendingProcess.start(journal, port, 1);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.chars().allMatch(Character::isDigit)) {
          acknowledged.add(Long.parseLong(line));
        }
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).isEqualTo(AppendingProcess.BROKEN);
    assertThat(acknowledged).isNotEmpty();

    assertThat(run("mount", "-o", "remount,size=400m", disk().toString())).isTrue();
    TestMember member =
        TestMember.start(TestMember.settings(journal, port, 1L << 40), RaftJournal.Beginning.FOUND);
    try {
      member.awaitReign();
      assertThat(acknowledged)
          .allMatch(version -> member.dirty.versionOf("k" + version) == version);
    } finally {
      member.close();
    }
  }
}
