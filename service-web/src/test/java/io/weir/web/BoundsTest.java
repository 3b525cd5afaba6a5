package io.weir.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BoundsTest {

  @Test
  void theBoundsThemselvesAreAllowed() {
    assertThatCode(
            () -> {
              Bounds.atLeast("weir.x", 1, 1);
              Bounds.within("weir.x", 1, 1, 3);
              Bounds.within("weir.x", 3, 1, 3);
              Bounds.time("weir.x", Duration.ZERO, Duration.ZERO);
              Bounds.time("weir.x", Duration.ofDays(1), Duration.ZERO);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aValueBeyondThemIsRefusedWithASentence() {
    assertThatThrownBy(() -> Bounds.atLeast("weir.x", 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weir.x is 0, it must be at least 1");
    assertThatThrownBy(() -> Bounds.within("weir.x", 0, 1, 3))
        .hasMessage("weir.x is 0, it must be 1 to 3");
    assertThatThrownBy(() -> Bounds.within("weir.x", 4, 1, 3))
        .hasMessage("weir.x is 4, it must be 1 to 3");
    assertThatThrownBy(() -> Bounds.time("weir.x", Duration.ofMillis(9), Duration.ofMillis(10)))
        .hasMessage("weir.x is 9ms, it must be 10ms to 24h");
    assertThatThrownBy(() -> Bounds.time("weir.x", Duration.ofDays(2), Duration.ofMillis(10)))
        .hasMessage("weir.x is 172800000ms, it must be 10ms to 24h");
  }

  @Test
  void aDurationIsGivenInMilliseconds() {
    assertThatThrownBy(() -> Bounds.require(false, "weir.x", Duration.ofSeconds(2), "at most 1s"))
        .hasMessage("weir.x is 2000ms, it must be at most 1s");
  }
}
