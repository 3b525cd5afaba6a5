package io.weir.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thing: the packaged command line starts the packaged servers. */
class DemoIT {

  private static final int SHARDS = 2;

  /** The master's, those of the cache servers, and the database's. */
  private static final int PORTS = SHARDS + 2;

  @TempDir Path directory;

  @Test
  void aDemoComesUpLosesNothingAndLeavesNoProcess() throws Exception {
    int port = FreePorts.first(PORTS);
    Path out = directory.resolve("out");
    Process demo =
        PackagedCommand.start(
            out,
            "demo",
            "--shards=" + SHARDS,
            "--port=" + port,
            "--data-dir=" + directory.resolve("data"),
            "--duration=2s",
            "--exit");
    try {
      assertThat(demo.waitFor(20, TimeUnit.MINUTES))
          .as("the demo ends: %s", PackagedCommand.said(out))
          .isTrue();
    } finally {
      demo.destroy();
    }
    assertThat(demo.exitValue()).as("%s", PackagedCommand.said(out)).isZero();
    assertThat(Files.readAllLines(out))
        .contains("ready http://127.0.0.1:" + port)
        .anySatisfy(line -> assertThat(line).contains("operations/s ("))
        .anySatisfy(line -> assertThat(line).startsWith("hit ratio"))
        .anySatisfy(
            line -> assertThat(line).matches("audit: [1-9]\\d* acknowledged writes, 0 missing"));
    assertThat(FreePorts.areFree(port, PORTS)).isTrue();
  }
}
