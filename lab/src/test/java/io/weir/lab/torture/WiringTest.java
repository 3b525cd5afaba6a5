package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.lab.cluster.Listener;
import io.weir.testing.FreePorts;
import java.util.List;
import org.junit.jupiter.api.Test;

class WiringTest {

  @Test
  void theDetoursListenOnThePortsThatAreCheckedBefore() {
    int master = FreePorts.first(3);
    try (Wiring wiring = new Wiring(master, true, List.of(), false)) {
      assertThat(wiring.listeners(1))
          .extracting(Listener::port)
          .containsExactly(master + 2 + 3_000, master + 2 + 4_000);
      assertThat(wiring.settings(1))
          .containsEntry("weir.advertise.raft", "127.0.0.1:" + (master + 2 + 3_000));
      assertThat(wiring.jdbcUrl(1, "jdbc:mysql://10.1.2.3:3306/weir?user=u"))
          .isEqualTo("jdbc:mysql://127.0.0.1:" + (master + 2 + 4_000) + "/weir?user=u");
    }
  }

  @Test
  void withoutPartitionsJournalsAreReachedStraight() {
    try (Wiring wiring = new Wiring(7_900, false, List.of(), false)) {
      assertThat(wiring.listeners(0)).extracting(Listener::port).containsExactly(11_901);
      assertThat(wiring.settings(0)).isEmpty();
    }
  }
}
