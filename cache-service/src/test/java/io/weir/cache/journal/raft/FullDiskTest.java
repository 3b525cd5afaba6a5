package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal on a disk that becomes full, and on one that fails to sync: a small file system in
 * memory, and a device that promises more room than it has. Both take the right to mount.
 */
@Timeout(180)
class FullDiskTest {

  @TempDir Path directory;
  private final Deque<Path> mounted = new ArrayDeque<>();

  @AfterEach
  void unmountAll() throws Exception {
    while (!mounted.isEmpty()) {
      unmountLast();
    }
  }

  private void unmountLast() throws Exception {
    assertThat(run("umount", mounted.pop().toString())).isTrue();
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void mount(Path at, String... what) throws Exception {
    Files.createDirectories(at);
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(what));
    command.add(at.toString());
    assumeTrue(run(command.toArray(String[]::new)), "no right to mount a file system here");
    mounted.push(at);
  }

  @Test
  void aFullDiskEndsTheMemberAndLosesNothingThatWasAcknowledged() throws Exception {
    Path disk = directory.resolve("disk");
    mount(disk, "-t", "tmpfs", "-o", "size=24m", "tmpfs");
    int port = FreePorts.next();
    List<Long> acknowledged = appendUntilBroken(disk.resolve("journal"), port);

    assertThat(run("mount", "-o", "remount,size=400m", disk.toString())).isTrue();
    assertRecovered(disk.resolve("journal"), port, acknowledged);
  }

  /** Writes go into the page cache and succeed; what fails is the sync that sends them on. */
  @Test
  void aDeviceThatFailsToSyncEndsTheMemberAndLosesNothingThatWasAcknowledged() throws Exception {
    Path memory = directory.resolve("memory");
    Path device = memory.resolve("device");
    Path disk = directory.resolve("disk");
    mount(memory, "-t", "tmpfs", "-o", "size=32m", "tmpfs");
    assumeTrue(
        run("truncate", "-s", "400m", device.toString())
            && run("mkfs.ext4", "-q", "-F", device.toString()),
        "no ext4 can be made here");
    mount(disk, "-o", "loop", device.toString());
    int port = FreePorts.next();
    List<Long> acknowledged = appendUntilBroken(disk.resolve("journal"), port);
    assertThat(Files.getFileStore(disk).getUsableSpace()).isGreaterThan(200L << 20);

    unmountLast();
    assertThat(run("mount", "-o", "remount,size=500m", memory.toString())).isTrue();
    mount(disk, "-o", "loop", device.toString());
    assertRecovered(disk.resolve("journal"), port, acknowledged);
  }

  /** Returns what a process of its own acknowledged before its journal broke. */
  private static List<Long> appendUntilBroken(Path journal, int port) throws Exception {
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
    return acknowledged;
  }

  private static void assertRecovered(Path journal, int port, List<Long> acknowledged)
      throws Exception {
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
