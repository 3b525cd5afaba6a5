package io.weir.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.Generator;
import io.weir.load.result.HistogramText;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Reads;
import io.weir.load.result.Target;
import io.weir.load.result.Writes;
import io.weir.load.run.LoadPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MeasurementTextTest {

  private static final DatabaseResult SPARED = new DatabaseResult(10_000, 3_000, 30, 120L, 7_000);

  @Test
  void whatTheDatabaseWasSparedStandsFirstThenThroughputThenLatencies() {
    assertThat(MeasurementText.of(measurement(SPARED, null)).lines())
        .containsExactly(
            "what the database was spared:",
            "  10,000 writes acknowledged in 24.5 s, for which it executed 120 statements in 30"
                + " commits",
            "  a thousand writes: 12 statements and 3.0 commits, 100 rows each; 3,000 rows written",
            "highest throughput: 1,000 operations/s, in a closed loop of 10.0 s, hits 75.0%, errors"
                + " none",
            "latencies at half of it: 500 operations/s, in an open loop of 10.0 s, errors timeout 2",
            "        per s  p50      p99      p99.9    operations",
            "  read  500    2.00 ms  2.00 ms  2.00 ms  5,000",
            "machine: 2 cores (a processor), which all servers and the load share; an OS, Java 25",
            "  warmed up for 26 s, until five windows of 2 s in a row were at most 10 % above the best"
                + " before");
  }

  @Test
  void aWarmUpThatWasTooShortIsSaid() {
    LoadResult result = result(1, Map.of(), null);
    assertThat(new WarmUp.Outcome(false, 60.04, result))
        .hasToString(
            "60 s, and still growing: five windows of 2 s in a row were not yet at most"
                + " 10 % above the best before");
  }

  @Test
  void mysqlsOwnCountersStandBeside() {
    MysqlCounters.Count mysql =
        MysqlCounters.Count.sum(
            List.of(Map.of("commit", 31L, "insert", 40L, "update", 62L, "select", 5_000L)));
    assertThat(MeasurementText.of(measurement(SPARED, mysql)).lines())
        .startsWith("what MySQL was spared:")
        .contains(
            "  MySQL's own count: commit 31, insert 40, update 62, replace 0, delete 0, select"
                + " 5,000",
            "  (SHOW GLOBAL STATUS: reads and all other clients are in it)");
  }

  @Test
  void whatIsNotKnownIsSaid() {
    assertThat(MeasurementText.of(measurement(null, null)).lines())
        .startsWith(
            "what the database was spared:",
            "  not known: a cache server did not give its metrics");
  }

  @Test
  void aLoadOfReadsHasNoRatio() {
    DatabaseResult nothing = new DatabaseResult(0, 0, 0, 0L, 0);
    assertThat(MeasurementText.of(measurement(nothing, null)).lines())
        .startsWith("what the database was spared:", "  nothing, for nothing was written");
  }

  @Test
  void thePlanIsOneLineWithItsSeed() {
    assertThat(
            MeasurementText.plan(
                LoadPlan.builder().keys(20_000).duration(Duration.ofSeconds(20)).build()))
        .isEqualTo(
            "load: 32 clients, 20,000 keys, values of 100B, 90% reads, 10% updates, zipfian 0.99,"
                + " seed 20261122, 20 s of it measured");
  }

  private static Measurement measurement(
      @Nullable DatabaseResult spared, MysqlCounters.@Nullable Count mysql) {
    LoadResult closed = result(10_000, Map.of(), null);
    return new Measurement(
        24.5,
        spared,
        mysql,
        new WarmUp.Outcome(true, 26.2, closed),
        closed,
        result(5_000, Map.of("timeout", 2L), new Target(500, "constant")));
  }

  private static LoadResult result(
      int operations, Map<String, Long> errors, @Nullable Target target) {
    Histogram histogram = HistogramText.empty();
    histogram.recordValueWithCount(2_000_000, operations);
    String times = HistogramText.encode(histogram);
    return new LoadResult(
        LoadResult.FORMAT,
        "demo",
        Instant.EPOCH,
        10,
        Map.of(),
        new Environment("1", "25", "an OS", "a processor", 2, List.of()),
        List.of(new OperationResult("read", operations, 0, times, times)),
        List.of(),
        List.of(),
        errors,
        Reads.of(3, 1, 0),
        null,
        null,
        new Writes(0, 0),
        new Generator(0.5, 0.5, 1, 0.1, 0.5, false, "The generator kept up."),
        target);
  }
}
