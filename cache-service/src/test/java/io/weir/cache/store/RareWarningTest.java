package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RareWarningTest {

  private final AtomicLong nanos = new AtomicLong(-5);
  private final RareWarning warning =
      new RareWarning(LoggerFactory.getLogger(RareWarningTest.class), nanos::get);

  @Test
  void itIsWrittenAtOnceAndThenOnceAMinuteWithAllThatCameBetween(CapturedOutput output) {
    warning.of("met {} rows, {} is one", 2, "first");
    warning.of("met {} rows, {} is one", 3, "second");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(59));
    warning.of("met {} rows, {} is one", 1, "third");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    warning.of("met {} rows, {} is one", 1, "fourth");

    assertThat(output).contains("met 2 rows, first is one", "met 5 rows, fourth is one");
    assertThat(output.getOut()).doesNotContain("second").doesNotContain("third");
  }
}
