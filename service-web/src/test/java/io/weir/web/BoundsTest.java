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
  }

  @Test
  void aDurationIsGivenInMilliseconds() {
    assertThatThrownBy(() -> Bounds.require(false, "weir.x", Duration.ofSeconds(2), "at most 1s"))
        .hasMessage("weir.x is 2000ms, it must be at most 1s");
  }
}
