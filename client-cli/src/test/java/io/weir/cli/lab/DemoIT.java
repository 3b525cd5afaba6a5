package io.weir.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            "--keys=2000",
            "--warmup=4s",
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
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).contains("ready http://127.0.0.1:" + port);
    assertThat(
            lines.stream()
                .filter(line -> !line.startsWith(" "))
                .map(line -> line.replaceFirst("[ :].*", ""))
                .dropWhile(line -> !line.equals("ready")))
        .as("the order of %s", lines)
        .containsSubsequence("ready", "load", "what", "highest", "latencies", "machine", "audit");
    assertThat(lines)
        .anySatisfy(line ->
            assertThat(line)
                .matches(
                    " +[1-9][\\d,]* writes acknowledged in .*executed [1-9][\\d,]* statements in"
                        + " [1-9][\\d,]* commits"))
        .anySatisfy(
            line -> assertThat(line).matches("audit: [1-9]\\d* acknowledged writes, 0 missing"));
    assertThat(FreePorts.areFree(port, PORTS)).isTrue();
  }
}
