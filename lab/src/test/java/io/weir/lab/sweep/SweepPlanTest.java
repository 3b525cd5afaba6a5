package io.weir.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.load.run.LoadPlan;
import io.weir.load.run.Phase;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepPlanTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static SweepPlan plan(
      String capacities, List<Double> thetas, int keys, int shards, Map<String, String> settings) {
    return new SweepPlan(
        Stream.of(capacities.split(",")).map(Capacity::parse).toList(),
        thetas,
        List.of("lru"),
        keys,
        16,
        0.95,
        new ByteSize(100),
        SECOND,
        SECOND,
        1,
        shards,
        Duration.ofSeconds(10),
        settings);
  }

  private static SweepPlan plan(String capacities, int keys, int shards) {
    return plan(capacities, List.of(0.99), keys, shards, Map.of());
  }

  @Test
  void everySizeIsTriedWithEverySkewInOrder() {
    SweepPlan plan = plan("20%,5%,5%", List.of(1.2, 0.8), 10_000, 1, Map.of());
    assertThat(plan.cells())
        .containsExactly(
            new SweepPlan.Cell(new Capacity(0.05), 0.8, "lru"),
            new SweepPlan.Cell(new Capacity(0.2), 0.8, "lru"),
            new SweepPlan.Cell(new Capacity(0.05), 1.2, "lru"),
            new SweepPlan.Cell(new Capacity(0.2), 1.2, "lru"));
  }

  @ParameterizedTest
  @CsvSource({"1%, 1000, 8", "5%, 5000, 64", "50%, 50000, 64", "0.1%, 100, 1"})
  void aStripeHoldsSixtyFourEntriesAtLeast(String capacity, String entries, String stripes) {
    SweepPlan plan = plan(capacity, 100_000, 1);
    assertThat(plan.settings(Capacity.parse(capacity), "lru"))
        .containsEntry("weir.cache.max-entries", entries)
        .containsEntry("weir.cache.stripes", stripes)
        .containsEntry("weir.cache.max-bytes", capacity.equals("50%") ? "59MiB" : "33MiB");
  }

  @Test
  void everyPolicyIsTriedWithEverySizeAndSkew() {
    SweepPlan plan =
        new SweepPlan(
            List.of(new Capacity(0.1)),
            List.of(0.99),
            List.of("lru", "w-tinylfu", "lru"),
            10_000,
            16,
            0.95,
            new ByteSize(100),
            SECOND,
            SECOND,
            1,
            1,
            Duration.ofSeconds(10),
            Map.of());
    assertThat(plan.cells())
        .containsExactly(
            new SweepPlan.Cell(new Capacity(0.1), 0.99, "lru"),
            new SweepPlan.Cell(new Capacity(0.1), 0.99, "w-tinylfu"));
    assertThat(plan.settings(new Capacity(0.1), "w-tinylfu"))
        .containsEntry("weir.cache.policy", "w-tinylfu");
    assertThat(plan.asOptions()).containsEntry("--policy", "lru,w-tinylfu");
  }

  @Test
  void theCapacityIsThatOfAllShards() {
    assertThat(plan("10%", 100_000, 4).settings(new Capacity(0.1), "lru"))
        .containsEntry("weir.cache.max-entries", "2500");
  }

  @Test
  void aSettingThatIsGivenHolds() {
    SweepPlan plan =
        plan("1%", List.of(0.99), 100_000, 1, Map.of("weir.cache.stripes", "1", "weir.x", "y"));
    assertThat(plan.settings(new Capacity(0.01), "lru"))
        .containsEntry("weir.cache.stripes", "1")
        .containsEntry("weir.x", "y");
    assertThat(plan.stripes(new Capacity(0.01))).isEqualTo(1);
  }

  @Test
  void theRowsAreWrittenOnceAndTheLoadHasOneOrder() {
    SweepPlan plan = plan("1%", 100_000, 1);
    assertThat(plan.fill().phase()).isEqualTo(Phase.LOAD);
    LoadPlan load = plan.load(0.99);
    assertThat(load.phase()).isEqualTo(Phase.RUN);
    assertThat(load.threads()).isEqualTo(1);
    assertThat(load.keys()).isEqualTo(100_000);
  }

  @Test
  void whatCannotBeDoneIsRefusedWithItsOption() {
    assertThatThrownBy(() -> plan("0.05%", 100_000, 1))
        .hasMessageContaining("--capacity leaves each cache server 64 entries")
        .hasMessageContaining("0.05% is, got 50");
    assertThatThrownBy(() -> plan("1%", 100_000, 16)).hasMessageContaining("16 shards");
    assertThatThrownBy(() -> plan("10%", 10, 1)).hasMessageContaining("--keys is 64 to");
    assertThatThrownBy(() -> plan("10%", 10_000, 0)).hasMessageContaining("--shards");
    assertThatThrownBy(() -> plan("10%", List.of(), 10_000, 1, Map.of()))
        .hasMessageContaining("--theta");
    assertThatThrownBy(() -> plan("10%", List.of(-1.0), 10_000, 1, Map.of()))
        .hasMessageContaining("--theta");
    assertThatThrownBy(
            () -> plan("10%", List.of(0.99), 10_000, 1, Map.of("weir.cache.max-entries", "7")))
        .hasMessageContaining("--set cannot set what the sweep varies")
        .hasMessageContaining("weir.cache.max-entries");
    assertThatThrownBy(
            () -> plan("10%", List.of(0.99), 10_000, 1, Map.of("weir.cache.stripes", "many")))
        .hasMessageContaining("weir.cache.stripes")
        .hasMessageContaining("many");
  }

  @ParameterizedTest
  @CsvSource({"10%, 0.1, 10%", "0.1, 0.1, 10%", "100%, 1, 100%", "0.5%, 0.005, 0.5%"})
  void capacitiesAreShares(String text, double share, String shown) {
    assertThat(Capacity.parse(text).share()).isEqualTo(share);
    assertThat(Capacity.parse(text)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0%", "101%", "-5%", "5", "", "%", "a lot", "NaN"})
  void whatIsNoShareIsNoCapacity(String text) {
    assertThatThrownBy(() -> Capacity.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--capacity takes shares of the keys");
  }
}
