package io.weir.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.report.HtmlPage;
import io.weir.load.result.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SweepTextTest {

  @TempDir private Path directory;

  private static SweepCell cell(double theta, boolean full, boolean limited) {
    return new SweepCell(
        new SweepCell.Setting(theta, 0.05, "lru", 5_000, 64, full),
        new SweepCell.Counted(10.01, 123_456, 2),
        new SweepCell.HitRatios(0.61234, 0.61),
        new SweepCell.Speed(12_333.4, 0.5, 2.25, 7.5),
        new SweepCell.Database(48_000, 320, 0.3913),
        limited);
  }

  private static SweepResult result(SweepCell... cells) {
    return new SweepResult(
        SweepResult.FORMAT,
        "2026-11-25T09:00:00Z",
        100_000,
        10,
        Map.of("--keys", "100000"),
        new Environment("0.1.0", "25", "Linux", "A Processor", 2, List.of("http://127.0.0.1:1")),
        List.of(cells));
  }

  @Test
  void theTableHasBothHitRatiosAndTheirDifference() {
    assertThat(SweepText.table(result(cell(0.99, true, false))).lines().toList().get(1))
        .matches(
            "0.99 +5% +lru +5,000 +0.6123 +0.6100 +\\+0.0023 +12,333 +0.50 ms +2.25 ms +0.391 +2");
  }

  @Test
  void whatMakesFiguresDoubtfulIsSaid() {
    assertThat(SweepText.notes(result(cell(0.99, true, false)))).isEmpty();
    assertThat(SweepText.notes(result(cell(0.99, false, true), cell(1.2, true, true))))
        .contains("in 2 of the runs the generator was the limit")
        .contains("in 1 of the runs the load does not fill the cache");
  }

  @Test
  void everyValueHasItsHeading() {
    List<String> lines = SweepText.csv(result(cell(0.99, true, false))).lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).split(",")).hasSameSizeAs(lines.get(1).split(","));
    assertThat(lines.get(1))
        .isEqualTo(
            "0.99,0.05,lru,5000,64,true,10.01,123456,2,0.61234,0.61,12333.4,0.5,2.25,7.5,48000,320,"
                + "0.3913,false");
  }

  @Test
  void inJsonARunIsOneFlatObject() {
    assertThat(JsonMapper.shared().writeValueAsString(cell(0.99, true, false)))
        .isEqualTo(
            "{\"theta\":0.99,\"capacity\":0.05,\"policy\":\"lru\",\"entries\":5000,\"stripes\":64,\"full\":true,"
                + "\"seconds\":10.01,\"operations\":123456,\"errors\":2,\"hitRatio\":0.61234,"
                + "\"lruHitRatio\":0.61,\"throughput\":12333.4,\"p50Millis\":0.5,"
                + "\"p99Millis\":2.25,\"p999Millis\":7.5,\"databaseReads\":48000,"
                + "\"databaseWrites\":320,\"statementsPerOperation\":0.3913,"
                + "\"generatorLimited\":false}");
  }

  @Test
  void thePageHasEveryFigure() throws IOException {
    Path file = directory.resolve("sweep.html");
    HtmlPage.write(file, HtmlPage.View.SWEEP, "A sweep", result(cell(0.99, true, false)));
    assertThat(Files.readString(file))
        .contains("\"hitRatio\":0.61234", "\"lruHitRatio\":0.61", "\"databaseReads\":48000")
        .contains("\"p99Millis\":2.25", "\"throughput\":12333.4", "\"keys\":100000");
  }
}
