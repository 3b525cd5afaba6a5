package io.weir.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.lab.demo.MysqlCounters.Count;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MysqlCountersTest {

  @Test
  void serversAreSummedAndTheDifferenceIsSaid() {
    Count before =
        Count.sum(
            List.of(Map.of("commit", 10L, "insert", 5L), Map.of("commit", 100L, "select", 7L)));
    Count after =
        Count.sum(
            List.of(
                Map.of("commit", 12L, "insert", 8L, "update", 1L),
                Map.of("commit", 101L, "select", 2_007L)));
    assertThat(after.since(before))
        .hasToString("commit 3, insert 3, update 1, replace 0, delete 0, select 2,000");
    assertThat(after.since(before).servers()).isEqualTo(2);
  }
}
