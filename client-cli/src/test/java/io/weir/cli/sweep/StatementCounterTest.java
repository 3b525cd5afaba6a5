package io.weir.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementCounterTest {

  private static final String METRICS =
      """
      # HELP weir_loads_total Reads of the database
      # TYPE weir_loads_total counter
      weir_loads_total{result="absent",} 3.0
      weir_loads_total{result="found",} 1.2345E4
      weir_loads_totally 7.0
      weir_writeback_statements_total 42.0
      """;

  @Test
  void aMetricIsSummedOverItsLabels() {
    assertThat(StatementCounter.sum(METRICS, "weir_loads_total")).isEqualTo(12_348);
    assertThat(StatementCounter.sum(METRICS, "weir_writeback_statements_total")).isEqualTo(42);
    assertThat(StatementCounter.sum(METRICS, "weir_other_total")).isZero();
  }
}
