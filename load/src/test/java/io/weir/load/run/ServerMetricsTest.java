package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerMetricsTest {

  private static final ServerMetrics METRICS =
      ServerMetrics.parse(
          """
          # HELP weir_loads_total Reads of the database
          # TYPE weir_loads_total counter
          weir_loads_total{result="absent",} 3.0
          weir_loads_total{result="found",key="}"} 1.2345E4 1700000000
          weir_loads_totally 7.0
          weir_writeback_statements_total 42.0
          """);

  @Test
  void aMetricIsSummedOverItsLabels() {
    assertThat(METRICS.sum("weir_loads_total")).isEqualTo(12_348);
    assertThat(METRICS.sum("weir_writeback_statements_total")).isEqualTo(42);
  }

  @Test
  void oneThatIsNotThereIsZero() {
    assertThat(METRICS.has("weir_loads_total")).isTrue();
    assertThat(METRICS.has("weir_loads")).isFalse();
    assertThat(METRICS.sum("weir_loads")).isZero();
  }
}
