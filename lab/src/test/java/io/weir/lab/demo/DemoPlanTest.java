package io.weir.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.lab.cluster.ClusterPlan;
import io.weir.load.run.LoadPlan;
import io.weir.load.workload.ValueSizes;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoPlanTest {

  @Test
  void aLoadOfASecondAfterAWarmUpOfOneIsTheShortest() {
    LoadPlan shortest =
        LoadPlan.builder().duration(Duration.ofSeconds(1)).warmup(Duration.ofSeconds(1)).build();
    assertThat(plan(shortest, true).load()).isEqualTo(shortest);
  }

  @Test
  void whatCannotBeMeasuredIsRefused() {
    assertRefused(
        LoadPlan.builder().duration(Duration.ofMillis(900)),
        "--duration is at least 1s, half of it for a closed loop and half for an open one, got"
            + " 900ms");
    assertRefused(LoadPlan.builder().warmup(Duration.ZERO), "--warmup is at least 1s, got 0ms");
    assertRefused(
        LoadPlan.builder().valueSizes(ValueSizes.fixed(new ByteSize(10))),
        "--value-size is at least 24B, or the audit could not tell one write from another, got 10B");
  }

  @Test
  void anEndAfterTheAuditNeedsALoad() {
    assertThatThrownBy(() -> plan(null, true))
        .hasMessage("--exit ends the demo after the audit; --no-load has none");
  }

  private static void assertRefused(LoadPlan.Builder load, String sentence) {
    assertThatThrownBy(() -> plan(load.build(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  private static DemoPlan plan(@Nullable LoadPlan load, boolean exit) {
    return new DemoPlan(new ClusterPlan(1, 1, 7_400, Map.of(), List.of()), load, exit);
  }
}
