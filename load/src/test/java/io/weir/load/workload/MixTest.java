package io.weir.load.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MixTest {

  private static final long SEED = 42;
  private static final int DRAWS = 1_000_000;

  /** 4 standard deviations of a share of one half over a million draws. */
  private static final double TOLERANCE = 0.002;

  private static Map<Operation, Double> drawn(Mix mix) {
    SplittableRandom random = new SplittableRandom(SEED);
    Map<Operation, Double> shares = new EnumMap<>(Operation.class);
    for (int i = 0; i < DRAWS; i++) {
      shares.merge(mix.at(random.nextDouble()), 1.0 / DRAWS, Double::sum);
    }
    return shares;
  }

  @ParameterizedTest
  @EnumSource(value = Preset.class, names = "CUSTOM", mode = EnumSource.Mode.EXCLUDE)
  void theWorkloadsHaveTheProportionsOfYcsb(Preset preset) {
    Map<Operation, Double> expected =
        switch (preset) {
          case A -> Map.of(Operation.READ, 0.5, Operation.UPDATE, 0.5);
          case B -> Map.of(Operation.READ, 0.95, Operation.UPDATE, 0.05);
          case C -> Map.of(Operation.READ, 1.0);
          case D -> Map.of(Operation.READ, 0.95, Operation.INSERT, 0.05);
          case F -> Map.of(Operation.READ, 0.5, Operation.READ_MODIFY_WRITE, 0.5);
          case CUSTOM -> Map.of();
        };
    Map<Operation, Double> drawn = drawn(Objects.requireNonNull(preset.mix()));
    assertThat(drawn.keySet()).isEqualTo(expected.keySet());
    expected.forEach((operation, share) ->
        assertThat(drawn.get(operation))
            .as("%s, seed %d", operation, SEED)
            .isCloseTo(share, within(TOLERANCE)));
  }

  @Test
  void theLatestWorkloadIsTheOneThatInserts() {
    assertThat(Preset.D.distribution()).isEqualTo(Distribution.LATEST);
    assertThat(Preset.A.distribution()).isEqualTo(Distribution.ZIPFIAN);
  }

  @Test
  void everyShareGetsItsPart() {
    Map<Operation, Double> drawn = drawn(new Mix(0.1, 0.2, 0.3, 0.15, 0.25));
    assertThat(drawn.get(Operation.DELETE)).isCloseTo(0.15, within(TOLERANCE));
    assertThat(drawn.get(Operation.READ_MODIFY_WRITE)).isCloseTo(0.25, within(TOLERANCE));
    assertThat(drawn.get(Operation.INSERT)).isCloseTo(0.3, within(TOLERANCE));
  }

  @Test
  void sharesThatDoNotSumToOneAreRefusedWithTheirSum() {
    assertThatThrownBy(() -> new Mix(0.5, 0.3, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the shares of operations must sum to 1, got 0.8: --reads 0.5");
    assertThatThrownBy(() -> new Mix(1.5, -0.5, 0, 0, 0))
        .hasMessageContaining("--reads is a share");
    assertThatThrownBy(() -> Mix.reading(Double.NaN)).hasMessageContaining("--reads is a share");
  }

  @Test
  void whatRoundingLeavesGoesToAShareThatIsThere() {
    assertThat(new Mix(0.5, 0.4999999, 0, 0, 0).at(0.99999995)).isEqualTo(Operation.UPDATE);
    assertThat(Mix.reading(1).at(Math.nextDown(1.0))).isEqualTo(Operation.READ);
  }

  @Test
  void itsWordsNameWhatIsInIt() {
    assertThat(new Mix(0.95, 0, 0.05, 0, 0)).hasToString("95% reads, 5% inserts");
  }
}
