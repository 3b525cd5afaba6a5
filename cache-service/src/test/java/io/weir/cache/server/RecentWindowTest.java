package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.server.RecentWindow.Counts;
import io.weir.model.Spared;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentWindowTest {

  private final AtomicLong nanos = new AtomicLong(77);
  private final RecentWindow window = new RecentWindow(nanos::get);

  @Test
  void aYoungServerTellsOfTheTimeSinceItsStart() {
    after(Duration.ofSeconds(4));
    assertThat(window.upTo(new Counts(100, 40, 2, 8))).isEqualTo(new Spared(4, 100, 40, 2, 8));
    after(Duration.ofSeconds(30));
    assertThat(window.upTo(new Counts(150, 60, 3, 12))).isEqualTo(new Spared(34, 150, 60, 3, 12));
  }

  @Test
  void whatIsOlderThanTheWindowIsForgotten() {
    fill(Duration.ofMinutes(2), new Counts(1_000, 1_000, 900, 2_700));
    Counts full = new Counts(2_000, 1_100, 910, 2_740);
    Spared first = fill(Duration.ofMinutes(4), full);
    // What the first two minutes had counted is gone.
    assertThat(first.seconds()).isBetween(300.0, 310.0);
    assertThat(first).extracting(Spared::writes).isEqualTo(1_000L);
    assertThat(first.commits()).isEqualTo(10);
    Spared idle = fill(Duration.ofMinutes(6), full);
    assertThat(idle.seconds()).isBetween(300.0, 310.0);
    assertThat(idle).isEqualTo(new Spared(idle.seconds(), 0, 0, 0, 0));
  }

  @Test
  void theWindowNeverShrinksBelowItsLengthNorGrowsByMoreThanAStep() {
    for (int i = 0; i < 1_000; i++) {
      after(Duration.ofMillis(1_700));
      double seconds = window.upTo(new Counts(i, 0, 0, 0)).seconds();
      if (i * 1.7 > 310) {
        assertThat(seconds).isBetween(300.0, 312.0);
      }
    }
  }

  @Test
  void aSilenceLongerThanTheWindowIsSaidToBeInIt() {
    after(Duration.ofMinutes(20));
    assertThat(window.upTo(new Counts(50, 0, 0, 0))).isEqualTo(new Spared(1_200, 50, 0, 0, 0));
    after(Duration.ofMinutes(5));
    assertThat(window.upTo(new Counts(60, 0, 0, 0))).isEqualTo(new Spared(300, 10, 0, 0, 0));
  }

  @Test
  void noTimeAtAllIsNotTold() {
    assertThat(window.upTo(new Counts(0, 0, 0, 0)).tells()).isFalse();
  }

  /** Asks every two seconds, as heartbeats do; all that is counted comes at the beginning. */
  private Spared fill(Duration time, Counts counts) {
    Spared last = Spared.UNTOLD;
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plusSeconds(2)) {
      after(Duration.ofSeconds(2));
      last = window.upTo(counts);
    }
    return last;
  }

  private void after(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
