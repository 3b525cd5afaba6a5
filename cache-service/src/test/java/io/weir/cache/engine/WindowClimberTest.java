package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class WindowClimberTest {

  private static final int ENTRIES = 1;

  private final WindowClimber climber = new WindowClimber();

  /** Lets steps be made under a load whose hit ratio depends on the window's share. */
  private void climb(int steps, DoubleUnaryOperator hitRatio) {
    for (int step = 0; step < steps; step++) {
      long hits = Math.round(hitRatio.applyAsDouble(climber.windowShare()) * 4_096);
      for (int use = 0; use < WindowClimber.LEAST_USES; use++) {
        if (use < hits) {
          climber.hit(ENTRIES);
        } else {
          climber.missed(ENTRIES);
        }
      }
    }
  }

  @Test
  void nothingMovesBeforeThereAreUsesToGoBy() {
    for (int use = 0; use < WindowClimber.LEAST_USES - 1; use++) {
      climber.hit(ENTRIES);
    }
    assertThat(climber.windowShare()).isEqualTo(WindowClimber.FIRST_SHARE);
  }

  @Test
  void aLoadThatFavoursWhatIsRecentGetsAWideWindow() {
    climb(40, share -> 0.3 + 0.4 * share);
    assertThat(climber.windowShare()).isGreaterThan(0.5);
  }

  @Test
  void aLoadThatFavoursWhatIsFrequentGetsANarrowWindow() {
    climb(40, share -> 0.3 + 0.4 * share);
    climb(40, share -> 0.7 - 0.4 * share);
    assertThat(climber.windowShare()).isLessThan(0.2);
  }

  @Test
  void theWindowStaysWithinItsBounds() {
    climb(100, share -> share);
    assertThat(climber.windowShare())
        .isBetween(WindowClimber.LEAST_SHARE, WindowClimber.MOST_SHARE);
    climb(100, share -> 1 - share);
    assertThat(climber.windowShare())
        .isBetween(WindowClimber.LEAST_SHARE, WindowClimber.MOST_SHARE);
  }
}
