package io.weir.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.weir.load.result.LoadResult;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static Comparison compare(LoadResult... results) {
    return Comparison.of(
        List.of(results), List.of("one", "two", "three").subList(0, results.length));
  }

  private static Comparison.Row row(Comparison comparison, String group, String metric) {
    return comparison.rows().stream()
        .filter(row -> row.group().equals(group) && row.metric().equals(metric))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ratiosAreToTheFirst() {
    Comparison comparison =
        compare(
            Results.result(1).make(),
            Results.result(1).slowerBy(2).make(),
            Results.result(1).slowerBy(4).make());
    Comparison.Row throughput = row(comparison, "all operations", "throughput");
    assertThat(throughput.values()).containsExactly(2_000.0, 1_000.0, 500.0);
    assertThat(throughput.ratios()).containsExactly(1.0, 0.5, 0.25);
    assertThat(throughput.better()).isEqualTo(Comparison.Better.MORE);
    Comparison.Row median = row(comparison, "read", "p50");
    assertThat(median.ratios().get(1)).isCloseTo(2, within(0.05));
    assertThat(median.ratios().get(2)).isCloseTo(4, within(0.1));
    assertThat(median.better()).isEqualTo(Comparison.Better.LESS);
  }

  @Test
  void thereIsNoRatioToNothing() {
    Comparison comparison =
        compare(
            Results.result(1).withoutMetrics().make(),
            Results.result(1).errors(Map.of("timeout", 3L)).make());
    Comparison.Row errors = row(comparison, "errors", "timeout");
    assertThat(errors.values().getFirst()).isZero();
    assertThat(errors.values().getLast()).isCloseTo(3 / 40_003.0, within(1e-6));
    assertThat(errors.ratios()).containsOnlyNulls();
    Comparison.Row rows = row(comparison, "database", "rows written");
    assertThat(rows.values()).isEqualTo(Arrays.asList(null, 61.7));
    assertThat(rows.ratios()).containsOnlyNulls();
  }

  @Test
  void onlySettingsThatDifferAreShown() {
    Comparison comparison =
        compare(
            Results.result(1).make(),
            Results.result(1).setting("--clients", "64").setting("--verify", "true").make());
    assertThat(comparison.differences())
        .isEqualTo(
            Map.of("--clients", List.of("32", "64"), "--verify", Arrays.asList(null, "true")));
  }

  @Test
  void whatMakesAComparisonDoubtfulIsSaid() {
    Comparison comparison =
        compare(
            Results.result(1).make(),
            Results.result(1).limited().openLoop().errors(Map.of("timeout", 3L)).make());
    assertThat(comparison.warnings())
        .containsExactly(
            "two: the generator was the limit",
            "two: 3 operations failed",
            "open and closed loops are compared: their latencies mean different things");
    assertThat(compare(Results.result(1).make(), Results.result(2).make()).warnings()).isEmpty();
  }

  @Test
  void oneResultIsNoComparison() {
    assertThatThrownBy(() -> compare(Results.result(1).make()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two results at least");
  }
}
