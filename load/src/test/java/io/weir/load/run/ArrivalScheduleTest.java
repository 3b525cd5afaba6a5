package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ArrivalScheduleTest {

  private static final long SEED = 42;

  private static ArrivalSchedule schedule(double gap, Arrivals arrivals) {
    return new ArrivalSchedule(gap, arrivals, new SplittableRandom(SEED));
  }

  @Test
  void constantArrivalsDoNotDrift() {
    ArrivalSchedule schedule = schedule(1e9 / 3, Arrivals.CONSTANT);
    schedule.startAt(-5_000, 0);
    long last = 0;
    for (int i = 0; i <= 3_000; i++) {
      last = schedule.take();
    }
    assertThat(last + 5_000).isBetween(999_999_999_000L, 1_000_000_001_000L);
  }

  @Test
  void loopsOfAConstantRateTakeTurns() {
    ArrivalSchedule first = schedule(2_000, Arrivals.CONSTANT);
    ArrivalSchedule second = schedule(2_000, Arrivals.CONSTANT);
    first.startAt(0, 0);
    second.startAt(0, 0.5);
    assertThat(first.take()).isZero();
    assertThat(second.take()).isEqualTo(1_000);
    assertThat(first.due()).isEqualTo(2_000);
  }

  /** Gaps of a Poisson process: the mean and the deviation are both 1/rate, within 1 %. */
  @Test
  void poissonArrivalsHaveExponentialGaps() {
    ArrivalSchedule schedule = schedule(1_000_000, Arrivals.POISSON);
    schedule.startAt(0, 0);
    int count = 200_000;
    double sum = 0;
    double squares = 0;
    long last = 0;
    for (int i = 0; i < count; i++) {
      long due = schedule.take();
      double gap = due - last;
      last = due;
      sum += gap;
      squares += gap * gap;
    }
    double mean = sum / count;
    assertThat(mean).as("seed %d", SEED).isCloseTo(1e6, within(1e4));
    assertThat(Math.sqrt(squares / count - mean * mean)).isCloseTo(1e6, within(2e4));
  }
}
