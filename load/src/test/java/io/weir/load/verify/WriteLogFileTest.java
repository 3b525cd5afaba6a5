package io.weir.load.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.load.workload.ClientShare;
import io.weir.load.workload.KeySpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteLogFileTest {

  private static final ClientShare SHARE = new ClientShare(1, 2);

  @TempDir private Path directory;
  private Path file;
  private final WriteLog log = new WriteLog(new KeySpace("ü:", 100), SHARE, 24, 500, -7);

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("run.log");
    for (int i = 0; i < 300; i++) {
      log.begin(1, false);
      log.acknowledge(1);
    }
    log.begin(3, true);
    log.acknowledge(3);
    log.begin(5, false);
    log.lose();
    log.begin(201, false);
    log.acknowledge(201);
    WriteLogFile.write(log, file);
  }

  @Test
  void aLogReadBackJudgesAsTheOneThatWasWritten() throws IOException {
    WriteLog read = WriteLogFile.read(file);
    assertThat(read.end()).isEqualTo(202);
    for (int key = 0; key < 202; key++) {
      assertThat(read.state(key)).isEqualTo(log.state(key));
    }
    assertThat(read.acknowledged()).isEqualTo(302);
    assertThat(read.ambiguous()).isEqualTo(1);
    assertThat(read.share()).isEqualTo(SHARE);
    assertThat(read.run()).isEqualTo(-7);
    assertThat(read.smallestValue()).isEqualTo(24);
    assertThat(read.largestValue()).isEqualTo(500);
    assertThat(read.keys().prefix()).isEqualTo("ü:");
    assertThat(read.keys().count()).isEqualTo(100);
  }

  @Test
  void aKeyTakesAByteOrTwo() throws IOException {
    assertThat(Files.size(file)).isLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 30, 60})
  void aFileCutShortIsRefused(int length) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    assertThatThrownBy(() -> WriteLogFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is no whole write log");
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    Files.writeString(file, "{\"format\": 1}");
    assertThatThrownBy(() -> WriteLogFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no whole write log");
  }
}
