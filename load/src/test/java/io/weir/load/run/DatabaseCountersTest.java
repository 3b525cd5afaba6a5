package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.result.DatabaseResult;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DatabaseCountersTest {

  private static final URI ONE = URI.create("http://one");
  private static final URI TWO = URI.create("http://two");

  @Test
  void theCountersAreSummedOverTheirTags() {
    assertThat(
            DatabaseCounters.of(
                ServerMetrics.parse(
                    """
                    # HELP cache_puts_total Acknowledged writes
                    # TYPE cache_puts_total counter
                    cache_puts_total{operation="put",} 1.2E3
                    cache_puts_total{operation="delete"} 34.0
                    cache_puts_total_other 7
                    weir_writeback_entries_total 500.0
                    weir_writeback_batch_size_count 12
                    weir_writeback_batch_size_sum 500.0
                    weir_writeback_statements_total 36.0
                    weir_writeback_coalesced_total 700.0 1700000000
                    jvm_memory_max_bytes{area="heap"} +Inf
                    """)))
        .isEqualTo(new DatabaseResult(1_234, 500, 12, 36L, 700));
  }

  @Test
  void aTextWithoutTheCountersIsNone() {
    assertThat(DatabaseCounters.of(ServerMetrics.parse("jvm_threads 3\n"))).isNull();
  }

  @Test
  void theDifferenceIsOfAllServersOrOfNone() {
    Map<URI, DatabaseResult> before =
        Map.of(
            ONE,
            new DatabaseResult(10, 5, 1, 3L, 2),
            TWO,
            new DatabaseResult(100, 50, 10, 30L, 20));
    Map<URI, DatabaseResult> after =
        Map.of(
            ONE,
            new DatabaseResult(15, 7, 2, 6L, 4),
            TWO,
            new DatabaseResult(150, 60, 11, 33L, 50));
    assertThat(DatabaseCounters.difference(before, after))
        .isEqualTo(new DatabaseResult(55, 12, 2, 6L, 32));
    assertThat(DatabaseCounters.difference(before, Map.of(ONE, new DatabaseResult(1, 1, 1, 1L, 1))))
        .isNull();
    assertThat(DatabaseCounters.difference(Map.of(), Map.of())).isNull();
  }

  @Test
  void aServerThatBeganAnewCountsFromItsStart() {
    assertThat(
            DatabaseCounters.difference(
                Map.of(ONE, new DatabaseResult(100, 50, 10, 30L, 20)),
                Map.of(ONE, new DatabaseResult(8, 3, 1, 3L, 2))))
        .isEqualTo(new DatabaseResult(8, 3, 1, 3L, 2));
  }
}
