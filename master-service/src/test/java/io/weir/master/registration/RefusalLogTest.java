package io.weir.master.registration;

import static io.weir.master.registry.Registrations.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.registry.RegistrationRefusedException;
import io.weir.master.registry.RegistryFixture;
import io.weir.model.RegistrationRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RefusalLogTest {

  private final AtomicLong nanos = new AtomicLong();
  private final RefusalLog refusals = new RefusalLog(nanos::get);

  @Test
  void nodesThatSomebodyMakesUpFillNoLog(CapturedOutput output) {
    try (RegistryFixture fixture = RegistryFixture.inMemory(1, Duration.ofMinutes(1))) {
      fixture.registry().register(node("a").leading(2, 1));
      for (int i = 0; i < 500; i++) {
        refuse(fixture, node("liar-" + i).leading(1, 2));
      }
      assertThat(lines(output)).isEqualTo(20);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      refuse(fixture, node("last").leading(1, 2));
      refuse(fixture, node("last").leading(1, 2));
      assertThat(output).contains("480 other refusals were left out");
      assertThat(lines(output)).isEqualTo(21);
    }
  }

  private void refuse(RegistryFixture fixture, RegistrationRequest request) {
    try {
      fixture.registry().register(request);
    } catch (RegistrationRefusedException e) {
      refusals.refused(request, e);
    }
  }

  private static long lines(CapturedOutput output) {
    return output.getOut().lines().filter(line -> line.contains("refused: Shard ")).count();
  }
}
