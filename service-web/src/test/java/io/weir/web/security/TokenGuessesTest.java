package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TokenGuessesTest {

  @Test
  void manyMakeOneLineAMinute(CapturedOutput output) {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 3);
    TokenGuesses guesses = new TokenGuesses(nanos::get);
    for (int i = 0; i < 50; i++) {
      guesses.guessed("10.0.0.1");
    }
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    guesses.guessed("10.0.0.2");
    assertThat(output)
        .containsOnlyOnce("from 10.0.0.1; 0 more since")
        .containsOnlyOnce("from 10.0.0.2; 49 more since");
  }
}
