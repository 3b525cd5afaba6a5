package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class SegmentKillTest {

  private static final int ROUNDS = 5;
  private static final int LINES = 700;

  @TempDir Path directory;

  @Test
  void whatIsOnDiskIsThereAfterTheProcessWasKilledAndNothingIsBetween() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long acknowledged = killAfter(LINES + 37 * round);
      SegmentLogStorage log = TestLog.open(directory, SegmentProcess.SEGMENT_BYTES);
      long last = log.getLastLogIndex();
      assertThat(last).isBetween(acknowledged, acknowledged + 3 * 1_000);
      assertThat(last - log.getFirstLogIndex()).isGreaterThanOrEqualTo(SegmentProcess.KEPT - 1);
      for (long index = log.getFirstLogIndex(); index <= last; index++) {
        assertThat(TestLog.line(log.getEntry(index)))
            .isEqualTo(TestLog.line(TestLog.data(index, SegmentProcess.bytesOf(index))));
      }
      log.shutdown();
    }
  }

  private long killAfter(int lines) throws Exception {
    Process process = SegmentProcess.start(directory, false);
    long acknowledged = 0;
    int read = 0;
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      String line;
      while ((line = output.readLine()) != null) {
        if (!line.isEmpty() && line.chars().allMatch(Character::isDigit)) {
          acknowledged = Long.parseLong(line);
        }
        if (++read == lines) {
          // Unlike the process's own, this leaves what it has printed to be read.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    assertThat(read).isGreaterThanOrEqualTo(lines);
    return acknowledged;
  }
}
