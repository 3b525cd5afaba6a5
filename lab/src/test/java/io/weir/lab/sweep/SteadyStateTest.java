package io.weir.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.load.run.LoadPlan;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Insertions;
import io.weir.load.workload.KeyChooser;
import io.weir.load.workload.Popularity;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SteadyStateTest {

  private static final int KEYS = 10_000;
  private static final int DRAWS = 400_000;

  private final LoadPlan plan =
      LoadPlan.builder().keys(KEYS).popularity(Popularity.zipfian(0.8)).seed(5).build();
  private final KeyChooser keys =
      KeyChooser.of(plan.workload().popularity(), KEYS, new Insertions(KEYS, ClientShare.ALL));
  private final SplittableRandom random = new SplittableRandom(6);

  private double hitRatio(ExactLru lru) {
    int hits = 0;
    for (int i = 0; i < DRAWS; i++) {
      hits += lru.use(keys.next(random)) ? 1 : 0;
    }
    return (double) hits / DRAWS;
  }

  @Test
  void theHitRatioDoesNotDriftFromThere() {
    ExactLru lru = SteadyState.of(plan, KEYS / 2);
    assertThat(lru.isFull()).isTrue();
    double first = hitRatio(lru);
    double second = hitRatio(lru);
    assertThat(first).isCloseTo(second, within(0.005));
  }

  @Test
  void furtherDrawsAreOfTheSameLoad() {
    ExactLru lru = SteadyState.of(plan, KEYS / 2);
    double before = hitRatio(lru);
    int hits = 0;
    for (int key : SteadyState.draws(plan, DRAWS)) {
      hits += lru.use(key) ? 1 : 0;
    }
    assertThat((double) hits / DRAWS).isCloseTo(before, within(0.005));
  }

  @Test
  void aCacheThatTheLoadCannotFillIsNotFull() {
    LoadPlan skewed = plan.toBuilder().popularity(Popularity.zipfian(5)).build();
    assertThat(SteadyState.of(skewed, KEYS / 2).isFull()).isFalse();
  }
}
