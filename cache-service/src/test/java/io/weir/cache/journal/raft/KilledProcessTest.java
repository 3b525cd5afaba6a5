package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledProcessTest {

  private static final int ROUNDS = 2;
  private static final int WRITES = 3_000;

  @TempDir Path directory;

  @Test
  void whatAProcessAcknowledgedIsThereAfterItWasKilled() throws Exception {
    int port = FreePorts.next();
    List<Long> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      long first = 1 + 1_000_000L * round;
      acknowledged.addAll(killAfter(WRITES, port, first));
    }
    TestMember member =
        TestMember.start(
            TestMember.settings(directory, port, 1L << 40), RaftJournal.Beginning.FOUND);
    try {
      assertThat(member.awaitReign().epoch()).isEqualTo(ROUNDS + 1);
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * WRITES);
      assertThat(acknowledged)
          .allMatch(version -> member.dirty.versionOf("k" + version) == version);
    } finally {
      member.close();
    }
  }

  private List<Long> killAfter(int writes, int port, long first)
      throws IOException, InterruptedException {
    Process process = AppendingProcess.start(directory, port, first);
    List<Long> acknowledged = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (!line.isEmpty() && line.chars().allMatch(Character::isDigit)) {
          acknowledged.add(Long.parseLong(line));
        }
        if (acknowledged.size() == writes) {
          // Unlike the process's own, this leaves what it has printed to be read.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    return acknowledged;
  }
}
