package io.weir.cache.engine;

import io.weir.model.Key;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** The {@link KeyGates}: whoever is at the gate of a key meets all that are there. */
final class GatesStress {

  private static final Key KEY = Key.of("key");

  private GatesStress() {}

  @JCStressTest
  @Outcome(id = "true, 2", expect = Expect.ACCEPTABLE, desc = "one gate, and none is left")
  @Outcome(expect = Expect.FORBIDDEN, desc = "two gates of one key at a time, or one is left")
  @State
  public static class TwoEnterAndLeave {

    private final KeyGates gates = new KeyGates(Duration.ofSeconds(1));

    /** Guarded by the lock of the key's gate. */
    private int passed;

    private void pass() {
      KeyGates.Gate gate = gates.enter(KEY);
      gate.lock();
      passed++;
      gate.unlock();
      gates.leave(gate);
    }

    @Actor
    public void one() {
      pass();
    }

    @Actor
    public void other() {
      pass();
    }

    @Arbiter
    public void look(ZI_Result found) {
      found.r1 = gates.isIdle();
      found.r2 = passed;
    }
  }
}
