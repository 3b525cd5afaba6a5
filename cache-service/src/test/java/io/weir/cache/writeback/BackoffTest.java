package io.weir.cache.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @RepeatedTest(20)
  void delaysDoubleUpToTheGreatestEachWithHalfLeftToChance() {
    Backoff backoff = new Backoff(Duration.ofNanos(100), Duration.ofNanos(1_000));

    assertThat(backoff.nextDelayNanos()).isBetween(50L, 100L);
    assertThat(backoff.nextDelayNanos()).isBetween(100L, 200L);
    assertThat(backoff.nextDelayNanos()).isBetween(200L, 400L);
    assertThat(backoff.nextDelayNanos()).isBetween(400L, 800L);
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.nextDelayNanos()).isBetween(500L, 1_000L);
    }
    assertThat(backoff.failures()).isEqualTo(104);
    backoff.succeeded();
    assertThat(backoff.nextDelayNanos()).isBetween(50L, 100L);
  }

  @Test
  void theLongestDelaysDoNotOverflow() {
    Backoff backoff = new Backoff(Duration.ofDays(1), Duration.ofDays(7));
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.nextDelayNanos()).isBetween(1L, Duration.ofDays(7).toNanos());
    }
  }
}
