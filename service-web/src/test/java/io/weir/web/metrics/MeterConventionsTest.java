package io.weir.web.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MeterConventionsTest {

  private final MeterRegistry meters = new SimpleMeterRegistry();

  @BeforeEach
  void filter() {
    meters.config().meterFilter(new MeterConventions());
  }

  @Test
  void metersOfNoUseAreLeftOut() {
    Gauge.builder("tomcat.sessions.active.max", () -> 1).register(meters);
    Gauge.builder("process.cpu.time", () -> 1).register(meters);
    Gauge.builder("process.cpu.usage", () -> 1).register(meters);
    assertThat(meters.getMeters())
        .extracting(meter -> meter.getId().getName())
        .containsExactly("process.cpu.usage");
  }

  @Test
  void aGaugeIsNotCalledACount() {
    Gauge.builder("system.cpu.count", () -> 2).register(meters);
    assertThat(meters.get("system.cpus").gauge().value()).isEqualTo(2);
  }

  @Test
  void requestsAreDescribed() {
    Timer timer = Timer.builder("http.server.requests").tag("status", "200").register(meters);
    assertThat(timer.getId().getDescription()).isNotBlank();
    assertThat(timer.getId().getTag("status")).isEqualTo("200");
  }

  @Test
  void aDescriptionThatIsThereStays() {
    Timer timer = Timer.builder("http.server.requests").description("theirs").register(meters);
    assertThat(timer.getId().getDescription()).isEqualTo("theirs");
  }
}
