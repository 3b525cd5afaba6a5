package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.result.Generator;
import io.weir.load.result.HistogramText;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SelfCheckTest {

  private static final Pace OPEN = new Pace.Open(1_000, Arrivals.CONSTANT);

  private static Histogram millis(double value) {
    Histogram histogram = HistogramText.empty();
    histogram.recordValueWithCount((long) (value * 1e6), 100);
    return histogram;
  }

  private static Generator judge(double busiest, double lag, double response, double perSecond) {
    return judge(busiest, lag, response, perSecond, OPEN);
  }

  private static Generator judge(
      double busiest, double lag, double response, double perSecond, Pace pace) {
    return SelfCheck.judge(
        new CpuMeter.Usage(0.5, busiest, 1), millis(lag), millis(response), perSecond, 10, pace);
  }

  @Test
  void aGeneratorWithReserveKeptUp() {
    Generator generator = judge(0.5, 0.2, 3, 1_000);
    assertThat(generator.limited()).isFalse();
    assertThat(generator.verdict()).startsWith("The generator kept up");
    assertThat(generator.p99LagMillis()).isBetween(0.19, 0.21);
  }

  @Test
  void aLoopThatNeverRestsIsTheLimit() {
    Generator generator = judge(0.95, 0.2, 3, 800);
    assertThat(generator.limited()).isTrue();
    assertThat(generator.verdict()).startsWith("The generator was the limit").contains("95%");
  }

  @Test
  void latenessThatShowsInTheLatenciesIsTheLimit() {
    assertThat(judge(0.5, 4, 5, 1_000).limited()).isTrue();
    assertThat(judge(0.5, 4, 5, 1_000).verdict()).startsWith("The generator was late");
    assertThat(judge(0.5, 4, 100, 1_000).limited()).isFalse();
    assertThat(judge(0.5, 0.5, 0.6, 1_000).limited()).isFalse();
  }

  @Test
  void aRateThatWasNotKeptIsTheClustersDoing() {
    Generator generator = judge(0.5, 0.2, 3, 700);
    assertThat(generator.limited()).isFalse();
    assertThat(generator.verdict()).contains("The rate was not kept: 700 of 1,000");
  }

  @Test
  void fewerPoissonArrivalsMayBeChance() {
    // In 10 s, 1,000 a second are 10,000, give or take 100; of 20 a second 200, give or take 14.
    Pace fast = new Pace.Open(1_000, Arrivals.POISSON);
    assertThat(judge(0.5, 0.2, 3, 960, fast).verdict()).doesNotContain("not kept");
    assertThat(judge(0.5, 0.2, 3, 940, fast).verdict()).contains("not kept");
    Pace slow = new Pace.Open(20, Arrivals.POISSON);
    assertThat(judge(0.5, 0.2, 3, 16, slow).verdict()).doesNotContain("not kept");
    assertThat(judge(0.5, 0.2, 3, 10, slow).verdict()).contains("not kept");
  }
}
