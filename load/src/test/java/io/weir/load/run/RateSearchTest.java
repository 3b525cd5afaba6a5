package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {

  private final List<RateSearch.Step<String>> steps = new ArrayList<>();

  private RateSearch.Found<String> search(double capacity, double limit, double first)
      throws InterruptedException {
    return new RateSearch<String>(
            rate ->
                new RateSearch.Outcome<>(
                    "at " + rate, rate <= Math.min(capacity, 1.5 * limit), rate > limit),
            steps::add)
        .from(first);
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, 990, 1_000, 7_654, 123_456})
  void findsTheHighestGoodRateWithinFivePercent(double capacity) throws InterruptedException {
    RateSearch.Found<String> found = search(capacity, Double.MAX_VALUE, 1_000);
    double rate = Objects.requireNonNull(found.best()).ratePerSecond();
    assertThat(rate).isLessThanOrEqualTo(capacity).isGreaterThan(capacity / 1.06);
    assertThat(found.best().outcome().result()).isEqualTo("at " + rate);
    assertThat(found.limitedByGenerator()).isFalse();
    assertThat(steps).hasSizeLessThan(24);
    assertThat(steps.getLast().number()).isEqualTo(steps.size());
  }

  @Test
  void findsNothingWhereNoRateIsGood() throws InterruptedException {
    assertThat(search(0, Double.MAX_VALUE, 1_000).best()).isNull();
  }

  @Test
  void whatIsKeptInSpiteOfTheGeneratorIsKept() throws InterruptedException {
    RateSearch.Found<String> found = search(50_000, 2_000, 1_000);
    assertThat(Objects.requireNonNull(found.best()).ratePerSecond()).isBetween(2_800.0, 3_000.0);
    assertThat(found.limitedByGenerator()).isTrue();
  }

  @Test
  void oneBadMomentDoesNotDecide() throws InterruptedException {
    for (int moment = 1; moment <= 8; moment++) {
      int bad = moment;
      steps.clear();
      RateSearch.Found<String> found =
          new RateSearch<>(
                  rate ->
                      new RateSearch.Outcome<>("", rate <= 7_654 && steps.size() != bad - 1, false),
                  steps::add)
              .from(1_000);
      assertThat(Objects.requireNonNull(found.best()).ratePerSecond())
          .as("trial %d was bad", bad)
          .isLessThanOrEqualTo(7_654)
          .isGreaterThan(7_654 / 1.06);
    }
  }

  @Test
  void aSearchThatIsStoppedKeepsWhatItHasFound() throws InterruptedException {
    List<RateSearch<String>> self = new ArrayList<>();
    RateSearch<String> search =
        new RateSearch<>(
            rate -> {
              if (rate > 2_000) {
                self.getFirst().stop();
              }
              return new RateSearch.Outcome<>("", true, false);
            },
            steps::add);
    self.add(search);
    RateSearch.Found<String> found = search.from(1_000);
    assertThat(Objects.requireNonNull(found.best()).ratePerSecond()).isEqualTo(2_000);
    assertThat(steps).hasSize(3);
  }
}
