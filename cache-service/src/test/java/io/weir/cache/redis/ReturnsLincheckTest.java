package io.weir.cache.redis;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.weir.cache.loop.WayBack;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * What threads push and tell of comes back to the event loop, each once and with what was given
 * before it was pushed, however they meet each other and the loop: no schedule ends with something
 * on the stack and no task to take it.
 */
class ReturnsLincheckTest {

  /** Those of a loop, and whoever pushes. */
  public static final class Shared {
    private final HandLoop loop = new HandLoop();
    private final Returns returns = new Returns(loop);
    private final AtomicInteger pushed = new AtomicInteger();

    /** Of the loop. */
    private int back;

    private final class Outcome extends WayBack.Returning {
      private int given;

      @Override
      protected void back() {
        back += given;
        given = -1_000_000; // Not twice.
      }
    }

    private void push() {
      Outcome outcome = new Outcome();
      outcome.given = 1;
      pushed.incrementAndGet();
      returns.push(outcome);
    }

    @Operation
    public void pushOne() {
      push();
      returns.told();
    }

    /** As the journal does with those of a batch. */
    @Operation
    public void pushTwo() {
      push();
      push();
      returns.told();
    }

    @Operation(nonParallelGroup = "loop")
    public void turn() {
      loop.enter();
      loop.runAll();
      loop.leave();
    }

    /** All that the loop still has to do is what it was given. */
    @Validate
    public void nothingIsLeftBehind() {
      turn();
      if (back != pushed.get()) {
        throw new IllegalStateException(back + " of " + pushed + " are back");
      }
    }
  }

  @Test
  void nothingIsLeftBehindUnderEveryInterleavingTried() {
    new ModelCheckingOptions()
        .iterations(6)
        .invocationsPerIteration(200)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(0)
        .addGuarantee(
            forClasses(ConcurrentLinkedQueue.class.getName()).allMethods().treatAsAtomic())
        .sequentialSpecification(Nothing.class)
        .check(Shared.class);
  }

  /** No operation tells anything: what holds is looked at in the end. */
  public static final class Nothing {
    public void pushOne() {}

    public void pushTwo() {}

    public void turn() {}
  }
}
