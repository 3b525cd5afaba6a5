package io.weir.cache.engine;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.weir.model.Key;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** However gates come and go, those who hold one of a key hold the same. */
class KeyGatesLincheckTest {

  private static final Key[] KEYS = {Key.of("k0"), Key.of("k1")};

  /** Counts under nothing but the gates' locks, which count nothing twice if they are one a key. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  public static final class Counts {
    private final KeyGates gates = new KeyGates(Duration.ofMinutes(1));
    private final int[] counts = new int[KEYS.length];

    @Operation
    public int together(@Param(name = "key") int key) {
      KeyGates.Gate gate = gates.enter(KEYS[key]);
      gate.lockForProposal();
      int count = ++counts[key];
      gate.unlock();
      gate.proposalEnded();
      gate.leave();
      return count;
    }

    /** Holds it by two, of whom one leaves. */
    @Operation
    public int twice(@Param(name = "key") int key) {
      KeyGates.Gate first = gates.enter(KEYS[key]);
      KeyGates.Gate second = gates.enter(KEYS[key]);
      first.leave();
      second.lockForProposal();
      int count = ++counts[key];
      second.unlock();
      second.proposalEnded();
      second.leave();
      return first == second ? count : -1;
    }

    /** Whether the gates seem idle while one is held. */
    @Operation
    public boolean missesWhatIsHeld(@Param(name = "key") int key) {
      KeyGates.Gate gate = gates.enter(KEYS[key]);
      boolean missed = gates.isIdle();
      gate.leave();
      return missed;
    }
  }

  /** What they are taken for. */
  public static final class Sequential {
    private final int[] counts = new int[KEYS.length];

    public int together(int key) {
      return ++counts[key];
    }

    public int twice(int key) {
      return ++counts[key];
    }

    public boolean missesWhatIsHeld(int key) {
      return false;
    }
  }

  @Test
  void aKeyHasOneGateUnderEveryInterleavingTried() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(100)
        .threads(2)
        .actorsPerThread(3)
        .addGuarantee(forClasses(ConcurrentHashMap.class.getName()).allMethods().treatAsAtomic())
        .sequentialSpecification(Sequential.class)
        .check(Counts.class);
  }

  @Test
  void aKeyHasOneGateUnderStress() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsPerThread(4)
        .sequentialSpecification(Sequential.class)
        .check(Counts.class);
  }
}
