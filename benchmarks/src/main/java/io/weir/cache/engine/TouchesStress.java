package io.weir.cache.engine;

import io.weir.model.Key;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The {@link TouchBuffer}, whose touches are recorded under no lock. */
final class TouchesStress {

  private TouchesStress() {}

  @JCStressTest
  @Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "both come out, and are counted")
  @Outcome(expect = Expect.FORBIDDEN, desc = "one is lost, though there was room")
  @State
  public static class TwoAreRecorded {

    private final TouchBuffer touches = new TouchBuffer();

    private void record(String key) {
      boolean _ = touches.record(Entry.of(Key.of(key), null, 1));
    }

    @Actor
    public void one() {
      record("one");
    }

    @Actor
    public void other() {
      record("other");
    }

    @Arbiter
    public void drain(II_Result found) {
      touches.drain(_ -> found.r1++);
      found.r2 = (int) touches.recorded();
    }
  }

  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "by the one drain or by the next")
  @Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "filled after the drain had passed")
  @Outcome(expect = Expect.FORBIDDEN, desc = "handed over twice, or counted otherwise than once")
  @State
  public static class OneIsRecordedBesideADrain {

    private final TouchBuffer touches = new TouchBuffer();

    /** Under the write lock, so by one thread at a time. */
    private int handedOver;

    @Actor
    public void record() {
      boolean _ = touches.record(Entry.of(Key.of("key"), null, 1));
    }

    @Actor
    public void drain() {
      touches.drain(_ -> handedOver++);
    }

    @Arbiter
    public void drainAgain(II_Result found) {
      touches.drain(_ -> handedOver++);
      found.r1 = handedOver;
      found.r2 = (int) touches.recorded();
    }
  }
}
