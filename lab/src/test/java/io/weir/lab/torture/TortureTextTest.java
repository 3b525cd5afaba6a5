package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.run.LoadDoor;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TortureTextTest {

  private static final TorturePlan PLAN =
      new TorturePlan(
          7,
          new TorturePlan.Shape(1, 3, 7_900, Map.of(), List.of(), List.of()),
          new TorturePlan.Traffic(1, 1, Duration.ZERO, false, LoadDoor.FAST),
          new TorturePlan.Faults(EnumSet.of(Fault.KILL), 0, Duration.ofSeconds(60)),
          List.of(),
          null);

  private static Operation write(int second) {
    return new Operation(0, Operation.Kind.WRITE, second, 0, seconds(second), seconds(second) + 1);
  }

  private static long seconds(int count) {
    return Duration.ofSeconds(count).toNanos();
  }

  private static Findings findings(List<String> wentBack, Operation... operations) {
    return new Findings(
        List.of(operations),
        0,
        List.of(new Nemesis.Event(Fault.KILL, "cache-1", seconds(3), seconds(50))),
        0,
        List.of(),
        0,
        Counters.Verdict.NONE,
        List.of(),
        wentBack);
  }

  @Test
  void aFaultAfterWhichNoWriteIsAcknowledgedCountsUntilItIsHealed() {
    assertThat(TortureText.report(PLAN, findings(List.of(), write(1), write(4))))
        .contains("longest time without an acknowledged write: 46.0 s, from 4.0 s on");
  }

  @Test
  void aDatabaseThatWentBackIsPartOfTheVerdict() {
    Findings findings = findings(List.of("the database of shard 0 went back by 3 flushes"));
    assertThat(findings.isClean()).isFalse();
    assertThat(TortureText.report(PLAN, findings))
        .contains("wrong: the database of shard 0 went back by 3 flushes")
        .contains(
            "verdict: 0 keys not linearizable, 0 undecided, 0 rows wrong, 1 databases went back");
  }
}
