package io.weir.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.testing.FreePorts;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small sweep with the packaged servers. */
class SweepIT {

  /** The master's, the cache server's and the database's. */
  private static final int PORTS = 3;

  @TempDir Path directory;

  @Test
  void theCacheHitsAsOftenAsAnExactLruOfItsSize() throws Exception {
    int port = FreePorts.first(PORTS);
    Path out = directory.resolve("out");
    Path json = directory.resolve("sweep.json");
    Path report = directory.resolve("sweep.html");
    Process sweep =
        PackagedCommand.start(
            out,
            "sweep",
            "--keys=5000",
            "--capacity=10%",
            "--theta=0.99",
            "--warmup=2s",
            "--duration=3s",
            "--port=" + port,
            "--data-dir=" + directory.resolve("data"),
            "--json=" + json,
            "--report=" + report);
    try {
      assertThat(sweep.waitFor(20, TimeUnit.MINUTES))
          .as("the sweep ends: %s", PackagedCommand.said(out))
          .isTrue();
    } finally {
      sweep.destroy();
    }
    assertThat(sweep.exitValue()).as("%s", PackagedCommand.said(out)).isZero();
    JsonNode cells = JsonMapper.shared().readTree(json).path("cells");
    assertThat(cells).hasSize(1);
    JsonNode cell = cells.get(0);
    assertThat(cell.path("entries").asInt()).isEqualTo(500);
    assertThat(cell.path("operations").asLong()).as("%s", cell).isPositive();
    assertThat(cell.path("errors").asLong()).as("%s", cell).isZero();
    assertThat(cell.path("databaseReads").asLong()).as("%s", cell).isPositive();
    assertThat(cell.path("hitRatio").asDouble())
        .as("%s", cell)
        .isCloseTo(cell.path("lruHitRatio").asDouble(), within(0.03));
    assertThat(report).content().contains("<html").doesNotContain("http://cdn");
    assertThat(FreePorts.areFree(port, PORTS)).isTrue();
  }
}
