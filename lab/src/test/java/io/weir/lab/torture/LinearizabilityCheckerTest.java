package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.lab.torture.LinearizabilityChecker.Verdict;
import io.weir.lab.torture.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class LinearizabilityCheckerTest {

  private final List<Operation> history = new ArrayList<>();

  @Test
  void anEmptyHistoryAndReadsOfNothingAreRight() {
    assertVerdict(Verdict.LINEARIZABLE);
    read(0, 1, 0);
    assertVerdict(Verdict.LINEARIZABLE);
  }

  @Test
  void whatOverlapsMayTakeEitherOrder() {
    write(1, 0, 10);
    write(2, 5, 15);
    read(11, 12, 1); // The second put may come after this read.
    read(16, 17, 2);
    assertVerdict(Verdict.LINEARIZABLE);
    read(18, 19, 1);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aLostUpdateIsFound() {
    write(1, 0, 1);
    write(2, 2, 3);
    read(4, 5, 1);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aStaleReadIsFoundThoughLaterOnesAreRight() {
    write(1, 0, 1);
    write(2, 2, 3);
    read(4, 5, 2);
    read(6, 7, 1);
    read(8, 9, 2);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aDeleteThatIsUndoneIsFound() {
    write(1, 0, 1);
    write(0, 2, 3);
    read(4, 5, 0);
    read(6, 7, 1);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aValueThatNobodyWroteIsFound() {
    read(0, 1, 7);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aValueIsNotReadBeforeItIsWritten() {
    read(0, 1, 1);
    write(1, 2, 3);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aSwapOfWhatIsNoLongerThereIsFound() {
    write(1, 0, 1);
    write(2, 2, 3);
    add(Kind.SWAP, 3, 1, 4, 5);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void twoSwapsOfTheSameValueDoNotBothSucceed() {
    write(1, 0, 1);
    add(Kind.SWAP, 2, 1, 2, 10);
    add(Kind.SWAP, 3, 1, 3, 9);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void aSwapThatWasRefusedSawAnotherValue() {
    write(1, 0, 1);
    add(Kind.FAILED_SWAP, 0, 1, 2, 3);
    assertVerdict(Verdict.VIOLATION);
    history.clear();
    write(1, 0, 1);
    write(2, 1, 4);
    add(Kind.FAILED_SWAP, 0, 1, 2, 3);
    assertVerdict(Verdict.LINEARIZABLE);
  }

  @Test
  void anOpenWriteMayHaveHappenedAtAnyTimeOrNever() {
    write(1, 0, 1);
    write(2, 2, Operation.NEVER);
    read(3, 4, 1);
    assertVerdict(Verdict.LINEARIZABLE);
    read(100, 101, 2);
    assertVerdict(Verdict.LINEARIZABLE);
    read(102, 103, 1);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void anOpenDeleteMayHappenLate() {
    write(1, 0, 1);
    write(0, 2, Operation.NEVER);
    read(3, 4, 1);
    read(5, 6, 0);
    assertVerdict(Verdict.LINEARIZABLE);
    read(7, 8, 1);
    assertVerdict(Verdict.VIOLATION);
  }

  @Test
  void anOpenWriteThatNobodySawMayExplainARefusedSwap() {
    write(1, 0, 1);
    write(2, 2, Operation.NEVER);
    add(Kind.FAILED_SWAP, 0, 1, 5, 6);
    assertVerdict(Verdict.LINEARIZABLE);
  }

  @Test
  void anOpenSwapTakesEffectOnlyOnItsValue() {
    write(1, 0, 1);
    write(2, 2, 3);
    add(Kind.SWAP, 3, 1, 4, Operation.NEVER);
    read(5, 6, 3);
    assertVerdict(Verdict.VIOLATION);
  }

  /** A register with operations that take effect at a random moment between call and return. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatARealRegisterAnswersIsRightAndAnOlderValueInItIsNot(long seed) {
    Random random = new Random(seed);
    simulate(random, 3_000, 8);
    assertVerdict(Verdict.LINEARIZABLE);

    List<Integer> staleReads = new ArrayList<>();
    for (int i = 500; i < history.size(); i++) {
      if (history.get(i).kind() == Kind.READ) {
        staleReads.add(i);
      }
    }
    int victim = staleReads.get(random.nextInt(staleReads.size()));
    Operation read = history.get(victim);
    int old =
        history.stream()
            .filter(op -> op.kind() == Kind.WRITE && op.value() != 0)
            .findFirst()
            .orElseThrow()
            .value();
    history.set(victim, new Operation(0, Kind.READ, old, 0, read.invoked(), read.returned()));
    assertVerdict(Verdict.VIOLATION);
  }

  private void simulate(Random random, int steps, int clients) {
    long[] freeAt = new long[clients];
    int[] last = new int[clients];
    int value = 0;
    int register = 0;
    // In the order of the moments at which they take effect.
    for (long now = 10; now < 10L + steps; now++) {
      int client = random.nextInt(clients);
      long called = Math.max(freeAt[client], now * 10 - random.nextInt(60));
      long effect = now * 10;
      if (called > effect) {
        continue;
      }
      long returned = effect + 1 + random.nextInt(60);
      freeAt[client] = returned + 1;
      boolean open = random.nextInt(50) == 0;
      long shown = open ? Operation.NEVER : returned;
      switch (random.nextInt(5)) {
        case 0 -> {
          register = ++value;
          write(register, called, shown);
        }
        case 1 -> {
          if (last[client] == register) {
            add(Kind.SWAP, ++value, register, called, shown);
            register = value;
          } else {
            add(Kind.FAILED_SWAP, 0, last[client], called, returned);
          }
        }
        case 2 -> {
          if (random.nextInt(4) == 0) {
            register = 0;
            write(0, called, shown);
          }
        }
        default -> {
          read(called, returned, register);
          last[client] = register;
        }
      }
    }
  }

  private void write(int value, long invoked, long returned) {
    add(Kind.WRITE, value, 0, invoked, returned);
  }

  private void read(long invoked, long returned, int value) {
    add(Kind.READ, value, 0, invoked, returned);
  }

  private void add(Kind kind, int value, int expected, long invoked, long returned) {
    history.add(new Operation(0, kind, value, expected, invoked, returned));
  }

  private void assertVerdict(Verdict expected) {
    assertThat(new LinearizabilityChecker(5_000_000).check(history).verdict()).isEqualTo(expected);
  }
}
