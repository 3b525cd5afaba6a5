package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.server.HeartbeatRates.Counts;
import io.weir.cache.server.HeartbeatRates.Rates;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeartbeatRatesTest {

  private final AtomicLong nanos = new AtomicLong(77);
  private final HeartbeatRates rates = new HeartbeatRates(nanos::get);

  @Test
  void ratesAreOfTheTimeSinceTheLastHeartbeat() {
    after(Duration.ofSeconds(2));
    assertThat(rates.since(new Counts(30, 10, 8, 4))).isEqualTo(new Rates(20, 4, 0.75, 2));
    after(Duration.ofSeconds(4));
    assertThat(rates.since(new Counts(30, 14, 8, 6))).isEqualTo(new Rates(1, 0, 0.0, 0.5));
  }

  @Test
  void withoutReadsThereIsNoHitRatio() {
    after(Duration.ofSeconds(2));
    assertThat(rates.since(new Counts(0, 0, 2, 0))).isEqualTo(new Rates(0, 1, null, 0));
  }

  @Test
  void aHeartbeatRightAfterAnotherRepeatsItsRatesAndLosesNoCount() {
    after(Duration.ofSeconds(2));
    Rates first = rates.since(new Counts(10, 0, 0, 0));
    after(Duration.ofMillis(10));
    assertThat(rates.since(new Counts(500, 0, 0, 0))).isEqualTo(first);
    after(Duration.ofMillis(1_990));
    assertThat(rates.since(new Counts(510, 0, 0, 0))).isEqualTo(new Rates(250, 0, 1.0, 0));
  }

  private void after(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
