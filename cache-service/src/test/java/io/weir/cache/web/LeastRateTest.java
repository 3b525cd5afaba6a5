package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ByteSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastRateTest {

  private final LeastRate rate = new LeastRate(ByteSize.ofKiB(4), Duration.ofSeconds(10));

  @ParameterizedTest
  @CsvSource({
    "0, 10, false",
    "0, 11, true",
    "4096, 11, false",
    "4096, 12, true",
    "1048576, 266, false",
    "1048576, 267, true",
  })
  void itIsAnAverageAfterAGrace(long bytes, long seconds, boolean missed) {
    assertThat(rate.isMissedBy(bytes, Duration.ofSeconds(seconds).toNanos())).isEqualTo(missed);
  }

  @Test
  void thereMayBeNone() {
    LeastRate none = new LeastRate(ByteSize.ofKiB(0), Duration.ofSeconds(1));
    assertThat(none.isMissedBy(0, Long.MAX_VALUE)).isFalse();
  }
}
