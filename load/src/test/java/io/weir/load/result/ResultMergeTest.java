package io.weir.load.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ResultMergeTest {

  private static final Instant START = Instant.parse("2026-11-25T08:00:00Z");

  /** A run of two seconds with 100 reads of a length. */
  private static LoadResult result(String id, double startSeconds, long millis, boolean limited) {
    Histogram histogram = HistogramText.empty();
    histogram.recordValueWithCount(millis * 1_000_000, 50);
    String half = HistogramText.encode(histogram);
    histogram.add(histogram.copy());
    String whole = HistogramText.encode(histogram);
    Map<String, Long> counts = Map.of("read", 50L);
    return new LoadResult(
        1,
        id,
        START.plusMillis((long) (startSeconds * 1_000)),
        2,
        Map.of("--client-id", id, "--clients", "16", "--rate", "500.5", "--seed", "7"),
        new Environment("1", "25", "Linux", "x", 2, List.of("http://m:7400")),
        List.of(new OperationResult("read", 100, 1, whole, whole)),
        List.of(
            new Interval(1, 1, counts, 1, 40, 10, half, half, millis, 0.5),
            new Interval(2, 1, counts, 0, 40, 10, half, half, 1, 0.5)),
        List.of(
            new ServerResult("cache-2", "http://c2", 60, 1, 40, 20, whole),
            new ServerResult("cache-1", "http://c1", 41, 0, 40, 0, whole)),
        Map.of("timeout", 1L),
        new Reads(80, 20, 5, 0.8),
        new DatabaseResult(1_000 + millis, 10, 1, 3L, 5),
        new Verification(100, 1, 0, 0, List.of(id + " saw something old")),
        new Writes(30, 1),
        new Generator(0.5, 0.1 * millis, 1, 0.1, millis, limited, limited ? "Late." : "Kept up."),
        new Target(500.5, "poisson"));
  }

  private final ResultMerge merge =
      new ResultMerge(List.of(result("1/2", 0.5, 1, false), result("2/2", 0, 3, true)));
  private final LoadResult merged = merge.merge("both");

  @Test
  void theTimeIsTheWholeOfBoth() {
    assertThat(merged.startedAt()).isEqualTo(START);
    assertThat(merged.seconds()).isEqualTo(2.5);
    assertThat(merged.throughput()).isEqualTo(80);
    assertThat(merge.overlap()).isEqualTo(0.6);
  }

  @Test
  void percentilesAreThoseOfAllOperations() {
    Histogram times = merged.responseTimes();
    assertThat(times.getTotalCount()).isEqualTo(200);
    assertThat(times.getValueAtPercentile(50) / 1e6).isCloseTo(1, within(0.01));
    assertThat(times.getValueAtPercentile(51) / 1e6).isCloseTo(3, within(0.01));
    assertThat(merged.operations().getFirst().errors()).isEqualTo(2);
  }

  @Test
  void whatHappenedAtTheSameTimeIsTogether() {
    assertThat(merged.timeline()).extracting(Interval::atSeconds).containsExactly(1.0, 2.0, 3.0);
    assertThat(merged.timeline()).extracting(Interval::succeeded).containsExactly(50L, 100L, 50L);
    assertThat(merged.timeline().get(1).cores()).isEqualTo(1);
  }

  @Test
  void countsAreSummed() {
    assertThat(merged.errors()).containsExactly(Map.entry("timeout", 2L));
    assertThat(merged.reads().hitRatio()).isEqualTo(0.8);
    assertThat(merged.reads().absentReads()).isEqualTo(10);
    assertThat(merged.writes()).isEqualTo(new Writes(60, 2));
    assertThat(merged.servers())
        .extracting(ServerResult::nodeId, ServerResult::requests)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("cache-1", 82L),
            org.assertj.core.api.Assertions.tuple("cache-2", 120L));
    Verification verification = merged.verification();
    assertThat(verification).isNotNull();
    assertThat(verification.staleReads()).isEqualTo(2);
    assertThat(verification.examples()).hasSize(2);
    assertThat(merged.target()).isEqualTo(new Target(1_001, "poisson"));
  }

  @Test
  void theDatabasesAreCountedOnce() {
    assertThat(merged.database()).isEqualTo(new DatabaseResult(1_003, 10, 1, 3L, 5));
  }

  @Test
  void oneGeneratorThatWasTheLimitLimitsAll() {
    assertThat(merged.generator().limited()).isTrue();
    assertThat(merged.generator().verdict()).isEqualTo("Late.");
    assertThat(merged.generator().cores()).isEqualTo(1);
    assertThat(merged.generator().maxLagMillis()).isEqualTo(3);
  }

  @Test
  void partsOfTheLoadAreSummedAndOtherSettingsKept() {
    assertThat(merged.settings())
        .containsEntry("--clients", "32")
        .containsEntry("--rate", "1001")
        .containsEntry("--seed", "7")
        .containsEntry("--client-id", "1/2, 2/2");
  }

  @Test
  void resultsOfDifferentLoadsAreRefused() {
    LoadResult open = result("1/2", 0, 1, false);
    LoadResult closed =
        new LoadResult(
            open.format(),
            "2/2",
            open.startedAt(),
            open.seconds(),
            Map.of("--client-id", "2/2", "--clients", "8", "--seed", "8", "--keys", "5"),
            open.environment(),
            open.operations(),
            open.timeline(),
            open.servers(),
            open.errors(),
            open.reads(),
            open.database(),
            open.verification(),
            open.writes(),
            open.generator(),
            null);
    assertThatThrownBy(() -> new ResultMerge(List.of(open, closed)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the results are not of one load: they differ in ")
        .hasMessageContaining("--rate")
        .hasMessageContaining("--keys")
        .hasMessageNotContaining("--clients");
  }

  @Test
  void aResultThatIsMissingIsKnown() {
    assertThat(merge.missing()).isZero();
    LoadResult first = result("1/3", 0, 1, false);
    LoadResult third = result("3/3", 0, 1, false);
    assertThat(new ResultMerge(List.of(first, third)).missing()).isEqualTo(1);
  }

  @Test
  void processesThatWroteTheSameKeysAreRefused() {
    LoadResult one = result("1/2", 0, 1, false);
    assertThatThrownBy(() -> new ResultMerge(List.of(one, one)))
        .hasMessage("two results are both of --client-id 1/2: they wrote the same keys");
    assertThatThrownBy(() -> new ResultMerge(List.of(one, result("2/3", 0, 1, false))))
        .hasMessageContaining("in different ways: --client-id 1/2, 2/3");
  }
}
