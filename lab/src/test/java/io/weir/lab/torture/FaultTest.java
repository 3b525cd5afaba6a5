package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.lab.torture.Fault.Need;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultTest {

  private static Set<Fault> without(Need need) {
    return Fault.possible(EnumSet.complementOf(EnumSet.of(need)));
  }

  @Test
  void whatCanBeDoneDependsOnTheGroupTheDatabaseAndTheMachine() {
    assertThat(Fault.possible(EnumSet.allOf(Need.class))).containsExactly(Fault.values());
    assertThat(without(Need.SEVERAL_MEMBERS))
        .doesNotContain(Fault.TRANSFER, Fault.PARTITION, Fault.WAKE_IN_FLUSH)
        .contains(Fault.KILL, Fault.DATABASE_STOP, Fault.DATA_DIRECTORY_UNMOUNTED);
    assertThat(without(Need.OWN_DATABASE)).doesNotContain(Fault.DATABASE_STOP);
    assertThat(without(Need.ADDRESSES)).doesNotContain(Fault.PARTITION).contains(Fault.TRANSFER);
    assertThat(without(Need.DATABASE_PAIR))
        .doesNotContain(Fault.DATABASE_SWITCH_OVER, Fault.DATABASE_FAILOVER);
    assertThat(without(Need.MYSQL))
        .doesNotContain(Fault.LOCKED_ROW, Fault.LOCKED_GAP, Fault.ALTER_TABLE, Fault.LOCK_TABLES)
        .contains(Fault.DATABASE_STALL);
    assertThat(Fault.WAKE_IN_FLUSH).hasToString("wake-in-flush");
  }

  @Test
  void whatIsMissingForAFaultIsSaid() {
    assertThat(Fault.PARTITION.lacks(Set.of()))
        .containsExactly("--members", "a loopback address for each member");
    assertThat(Fault.DATABASE_FAILOVER.lacks(Set.of(Need.OWN_DATABASE)))
        .containsExactly("--mysql-replica");
    assertThat(Fault.LOCKED_GAP.lacks(Set.of(Need.OWN_DATABASE))).containsExactly("--mysql");
    assertThat(Fault.KILL.lacks(Set.of())).isEmpty();
  }
}
