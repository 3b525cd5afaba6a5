package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultTest {

  @Test
  void whatCanBeDoneDependsOnTheGroupTheDatabaseAndTheMachine() {
    assertThat(Fault.possible(3, true, true)).containsExactly(Fault.values());
    assertThat(Fault.possible(1, true, true))
        .doesNotContain(Fault.TRANSFER, Fault.PARTITION, Fault.WAKE_IN_FLUSH)
        .contains(Fault.KILL, Fault.DATABASE_STOP);
    assertThat(Fault.possible(3, false, true)).doesNotContain(Fault.DATABASE_STOP);
    assertThat(Fault.possible(3, true, false)).doesNotContain(Fault.PARTITION);
    assertThat(Fault.WAKE_IN_FLUSH).hasToString("wake-in-flush");
  }
}
