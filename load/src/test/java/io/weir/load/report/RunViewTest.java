package io.weir.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.result.LoadResult;
import io.weir.load.result.Verification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The scripts of the pages read this JSON: it is pinned here. */
class RunViewTest {

  private static final List<String> DRAWN = List.of("all", "operations", "timeline", "servers");

  private static final String FULL =
      """
      {"name":"a run","startedAt":"2026-11-25T08:00:00.123Z","seconds":20.0,\
      "throughput":2000.0,"succeeded":40000,"failed":3,"hits":29821,"misses":6195,\
      "absentReads":77,"hitRatio":0.8279931141714794,"errors":{"timeout":3},\
      "database":{"writes":4321,"rows":1234,"transactions":17,"statements":51,"coalesced":3087},\
      "verification":{"checkedReads":3,"staleReads":1,"corruptReads":0,"missingReads":0,\
      "examples":["load:1 was old"]},"writes":{"acknowledged":5432,"ambiguous":2},\
      "generator":{"cores":0.41,"busiestLoop":0.35,"threads":2,"p99LagMillis":0.123,\
      "maxLagMillis":4.56,"limited":false,"verdict":"it was not"},\
      "target":{"ratePerSecond":2000.0,"arrivals":"poisson"},"settings":{"--clients":"32",\
      "--keys":"100000"},"environment":{"weirVersion":"0.1.0","javaVersion":"25.0.1",\
      "os":"Linux 6.1","cpu":"A Processor","cores":4,"masterUrls":["http://127.0.0.1:7400"]}}\
      """;

  private static final String BARE =
      """
      {"name":"a run","startedAt":"2026-11-25T08:00:00.123Z","seconds":20.0,\
      "throughput":2000.0,"succeeded":40000,"failed":0,"hits":29748,"misses":6184,\
      "absentReads":77,"hitRatio":0.8278971390404096,"errors":{},"database":null,\
      "verification":null,"writes":{"acknowledged":5432,"ambiguous":2},\
      "generator":{"cores":0.41,"busiestLoop":0.35,"threads":2,"p99LagMillis":0.123,\
      "maxLagMillis":4.56,"limited":false,"verdict":"it was not"},"target":null,\
      "settings":{"--clients":"32","--keys":"100000"},"environment":{"weirVersion":"0.1.0",\
      "javaVersion":"25.0.1","os":"Linux 6.1","cpu":"A Processor","cores":4,\
      "masterUrls":["http://127.0.0.1:7400"]}}\
      """;

  private static ObjectNode json(LoadResult result) {
    return (ObjectNode)
        JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsString(RunView.of(result)));
  }

  /** The JSON without what has a type of its own, and with it a shape of its own. */
  private static String figures(LoadResult result) {
    return json(result).remove(DRAWN).toString();
  }

  @Test
  void itIsOneFlatObject() {
    assertThat(json(Results.result(1).make()).propertyNames())
        .containsExactly(
            "name",
            "startedAt",
            "seconds",
            "throughput",
            "succeeded",
            "failed",
            "hits",
            "misses",
            "absentReads",
            "hitRatio",
            "all",
            "operations",
            "timeline",
            "servers",
            "errors",
            "database",
            "verification",
            "writes",
            "generator",
            "target",
            "settings",
            "environment");
  }

  @Test
  void everyFigureHasItsName() {
    LoadResult full =
        Results.result(1)
            .openLoop()
            .errors(Map.of("timeout", 3L))
            .verified(new Verification(3, 1, 0, 0, List.of("load:1 was old")))
            .make();
    assertThat(figures(full)).isEqualTo(FULL);
  }

  @Test
  void whatWasNotMeasuredIsNull() {
    assertThat(figures(Results.result(1).withoutMetrics().make())).isEqualTo(BARE);
  }
}
