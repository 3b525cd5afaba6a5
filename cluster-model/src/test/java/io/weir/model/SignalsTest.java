package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {

  /** One that does nothing to a process that does not handle it. */
  private static final String HARMLESS = "WINCH";

  @Test
  void aSignalIsSeenEachTimeItComes() throws Exception {
    Semaphore received = new Semaphore(0);
    Signals.handle(HARMLESS, received::release);
    for (int i = 0; i < 2; i++) {
      String kill = "kill -" + HARMLESS + " " + ProcessHandle.current().pid();
      assertThat(new ProcessBuilder("sh", "-c", kill).start().waitFor()).isZero();
      assertThat(received.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aSignalThatThereIsNotCannotBeHandled() {
    assertThatThrownBy(() -> Signals.handle("NONE", () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("cannot handle SIGNONE");
  }
}
