package io.weir.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.load.result.LoadResult;
import io.weir.load.result.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class HtmlReportTest {

  private static final double DIGITS = 1.001;

  @TempDir private Path directory;

  private JsonNode page(LoadResult result) throws IOException {
    Path file = directory.resolve("report.html");
    HtmlReport.write(result, file);
    return HtmlPageTest.data(Files.readString(file));
  }

  private static void assertTime(JsonNode millis, Histogram nanos, double percentile) {
    double expected = nanos.getValueAtPercentile(percentile) / 1e6;
    assertThat(millis.asDouble()).isBetween(expected / DIGITS, expected * DIGITS);
  }

  @Test
  void everyFigureOfALoadIsInItsReport() throws IOException {
    LoadResult result =
        Results.result(1)
            .openLoop()
            .errors(Map.of("timeout", 12L))
            .verified(new Verification(30_000, 2, 1, 4, List.of("load:1 was stale")))
            .make();
    JsonNode page = page(result);
    JsonNode run = page.get("run");

    assertThat(run.get("throughput").asDouble()).isCloseTo(result.throughput(), within(1e-6));
    assertThat(run.get("succeeded").asLong()).isEqualTo(result.succeeded());
    assertThat(run.get("failed").asLong()).isEqualTo(12);
    assertThat(run.at("/errors/timeout").asLong()).isEqualTo(12);
    assertThat(run.get("hits").asLong()).isEqualTo(result.reads().hits());
    assertThat(run.get("misses").asLong()).isEqualTo(result.reads().misses());
    assertThat(run.get("hitRatio").asDouble()).isEqualTo(result.reads().hitRatio());
    assertThat(run.get("absentReads").asLong()).isEqualTo(77);
    for (double percentile : new double[] {50, 95, 99, 99.9}) {
      String field = "/p" + String.valueOf(percentile).replace(".0", "").replace(".", "");
      assertTime(run.at("/all/response" + field), result.responseTimes(), percentile);
      assertTime(run.at("/all/service" + field), result.serviceTimes(), percentile);
      assertTime(
          run.at("/operations/1/response" + field),
          result.operations().get(1).responseTimes(),
          percentile);
    }
    assertThat(run.at("/servers/0/nodeId").asString()).isEqualTo("cache-1");
    assertThat(run.at("/servers/0/requests").asLong())
        .isEqualTo(result.servers().getFirst().requests());
    assertThat(run.at("/database/writes").asLong()).isEqualTo(4_321);
    assertThat(run.at("/database/rows").asLong()).isEqualTo(1_234);
    assertThat(run.at("/database/transactions").asLong()).isEqualTo(17);
    assertThat(run.at("/database/coalesced").asLong()).isEqualTo(3_087);
    assertThat(run.at("/verification/checkedReads").asLong()).isEqualTo(30_000);
    assertThat(run.at("/verification/staleReads").asLong()).isEqualTo(2);
    assertThat(run.at("/verification/corruptReads").asLong()).isEqualTo(1);
    assertThat(run.at("/verification/missingReads").asLong()).isEqualTo(4);
    assertThat(run.at("/verification/examples/0").asString()).isEqualTo("load:1 was stale");
    assertThat(run.at("/writes/acknowledged").asLong()).isEqualTo(5_432);
    assertThat(run.at("/generator/verdict").asString()).isEqualTo("it was not");
    assertThat(run.at("/target/arrivals").asString()).isEqualTo("poisson");
    assertThat(run.at("/settings/--keys").asString()).isEqualTo("100000");
    assertThat(run.at("/environment/cpu").asString()).isEqualTo("A Processor");
    assertThat(run.at("/environment/masterUrls/0").asString()).isEqualTo("http://127.0.0.1:7400");
  }

  @Test
  void theTimelineHasAColumnForEveryInterval() throws IOException {
    LoadResult result = Results.result(2).make();
    JsonNode timeline = page(result).at("/run/timeline");
    assertThat(timeline.get("at")).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(timeline.at("/throughput/" + i).asDouble()).isEqualTo(2_000);
      assertThat(
              timeline.at("/operations/read/" + i).asDouble()
                  + timeline.at("/operations/update/" + i).asDouble())
          .isEqualTo(2_000);
      assertTime(
          timeline.at("/response/p99.9/" + i), result.timeline().get(i).responseTimes(), 99.9);
    }
  }

  @Test
  void aPauseIsInTheResponseTimesAndNotInTheServiceTimes() throws IOException {
    JsonNode lines = page(Results.result(3).openLoop().make()).at("/curves/lines");
    assertThat(lines.at("/0/name").asString()).isEqualTo("all, response");
    assertThat(lines.at("/1/name").asString()).isEqualTo("all, service");
    int last = lines.at("/0/millis").size() - 1;
    assertThat(lines.at("/0/millis/" + last).asDouble()).isGreaterThan(900);
    assertThat(lines.at("/1/millis/" + last).asDouble()).isLessThan(10);
  }

  @Test
  void whatWasNotMeasuredIsNull() throws IOException {
    JsonNode run = page(Results.result(4).withoutMetrics().make()).get("run");
    assertThat(run.get("database").isNull()).isTrue();
    assertThat(run.get("verification").isNull()).isTrue();
    assertThat(run.get("target").isNull()).isTrue();
  }

  @Test
  void aComparisonHasTheCurvesOfAllRuns() throws IOException {
    Path file = directory.resolve("compare.html");
    Comparison comparison =
        Comparison.of(
            List.of(Results.result(5).make(), Results.result(6).slowerBy(2).make()),
            List.of("one", "two"));
    HtmlReport.write(comparison, file);
    JsonNode page = HtmlPageTest.data(Files.readString(file));
    assertThat(page.get("runs")).hasSize(2);
    assertThat(page.at("/runs/1/name").asString()).isEqualTo("two");
    assertThat(page.at("/curves/lines/1/name").asString()).isEqualTo("two");
    assertThat(page.at("/rows/0/metric").asString()).isEqualTo("throughput");
    assertThat(page.at("/rows/0/better").asString()).isEqualTo("more");
    assertThat(page.at("/rows/0/ratios/1").asDouble()).isCloseTo(0.5, within(1e-6));
  }
}
