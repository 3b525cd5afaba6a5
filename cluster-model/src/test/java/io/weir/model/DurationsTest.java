package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "250us, PT0.00025S",
    "500ms, PT0.5S",
    "60, PT1M",
    "60s, PT1M",
    "5m, PT5M",
    "1h, PT1H",
    "2D, PT48H",
    "' 3 s ', PT3S",
    "0s, PT0S",
    "PT1.5S, PT1.5S",
    "P1DT1H, PT25H",
    "999999999999d, PT23999999999976H",
    "3153600000000ms, PT876000H",
  })
  void durationsAreReadAsPeopleWriteThem(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "s", "-1s", "1.5s", "1w", "PT-1S", "-PT1S", "10000000000000s", "1s2m"})
  void anythingElseIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' is no duration; write a whole number and a unit, such as 500ms, 60s, 5m or 1h",
            text);
  }
}
