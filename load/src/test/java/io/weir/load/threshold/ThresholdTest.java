package io.weir.load.threshold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.load.result.Environment;
import io.weir.load.result.Generator;
import io.weir.load.result.HistogramText;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Reads;
import io.weir.load.result.Verification;
import io.weir.load.result.Writes;
import io.weir.testing.HostileTexts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of 10 s: 990 reads of 1 ms, 10 of 20 ms, 100 updates of 5 ms, 3 errors. */
class ThresholdTest {

  private static LoadResult result(@Nullable Verification verification) {
    Histogram reads = HistogramText.empty();
    reads.recordValueWithCount(1_000_000, 990);
    reads.recordValueWithCount(20_000_000, 10);
    Histogram updates = HistogramText.empty();
    updates.recordValueWithCount(5_000_000, 100);
    String read = HistogramText.encode(reads);
    String update = HistogramText.encode(updates);
    return new LoadResult(
        1,
        "run",
        Instant.EPOCH,
        10,
        Map.of(),
        new Environment("1", "25", "Linux", "x", 2, List.of()),
        List.of(
            new OperationResult("read", 1_000, 3, read, read),
            new OperationResult("update", 100, 0, update, update)),
        List.of(),
        List.of(),
        Map.of("timeout", 3L),
        Reads.of(900, 100, 0),
        null,
        verification,
        new Writes(100, 0),
        new Generator(0.5, 0.4, 1, 0.1, 0.9, false, "The generator kept up."),
        null);
  }

  @ParameterizedTest
  @CsvSource({
    "p50>900us, true",
    "p50>2ms, false",
    "p99.9>10ms, true",
    "read.p99.9>10ms, true",
    "update.p99.9>10ms, false",
    "update.mean<6ms, true",
    "max>21ms, false",
    "throughput<200, true",
    "throughput<100, false",
    "errors>0, true",
    "errors>3, false",
    "hit-ratio<0.95, true",
    "hit-ratio<90%, false",
    "' stale > 0 ', true",
    "corrupt>0, false"
  })
  void aConditionIsMetOrNot(String expression, boolean met) {
    LoadResult result = result(new Verification(10, 2, 0, 0, List.of()));
    assertThat(Threshold.parse(expression).met(result) != null).isEqualTo(met);
  }

  @Test
  void whatIsMetIsSaidWithItsValue() {
    assertThat(Threshold.parse("p99.9>10ms").met(result(null)))
        .matches("p99\\.9>10ms is met: it was 20\\.0\\dms");
  }

  @Test
  void aFigureThatIsNotThereFails() {
    assertThat(Threshold.parse("stale>0").met(result(null))).contains("cannot be judged");
    assertThat(Threshold.parse("delete.p99>1s").met(result(null))).contains("cannot be judged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "p99",
        "p99=5ms",
        "p99>",
        "p99>10",
        "p99>fast",
        "p999>1ms",
        "latency>1ms",
        "errors>1%",
        "errors>many",
        "scan.p99>1ms",
        "hit-ratio<x",
        "p99>>1ms"
      })
  void whatCannotBeReadIsRefused(String expression) {
    assertThatThrownBy(() -> Threshold.parse(expression))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + expression + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "p99=6ms, true",
    "p99.9=5ms, false",
    "read.p50=1500us, true",
    "errors=0.1%, false",
    "errors=1%, true",
    "delete.p99=5ms, false"
  })
  void anObjectiveIsKeptOrNot(String expression, boolean kept) {
    assertThat(Objective.parse(expression).isKept(result(null))).isEqualTo(kept);
  }

  @Test
  void anObjectiveSaysWhatWasReached() {
    assertThat(Objective.parse("p99.9=5ms").reached(result(null))).matches("p99\\.9 20\\.0\\dms");
    assertThat(Objective.parse("errors=1%").reached(result(null))).isEqualTo("errors 0.272%");
    assertThat(Objective.parse("delete.p99=1s").reached(result(null)))
        .isEqualTo("delete.p99 unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "p99>5ms", "throughput=5", "errors=3", "p99=5", "fast=1ms"})
  void whatIsNoObjectiveIsRefused(String expression) {
    assertThatThrownBy(() -> Objective.parse(expression))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noTextOccupiesAParser() {
    HostileTexts.parseAll(Threshold::parse);
    HostileTexts.parseAll(Objective::parse);
    HostileTexts.parseAll(text -> Threshold.parse("errors > " + text));
  }
}
