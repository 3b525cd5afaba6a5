package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutOfMemoryExitTest {

  private final AtomicInteger exits = new AtomicInteger();
  private final OutOfMemoryExit exit = new OutOfMemoryExit(exits::incrementAndGet);

  @Test
  void aThreadThatIsEndedByOneEndsTheProcess() {
    exit.uncaught(Thread.currentThread(), new IllegalStateException("another"));
    assertThat(exits).hasValue(0);
    exit.uncaught(Thread.currentThread(), new OutOfMemoryError("Java heap space"));
    assertThat(exits).hasValue(1);
  }

  @Test
  void oneThatIsCaughtAndLoggedEndsTheProcess() {
    LoggerContext context = new LoggerContext();
    context.addTurboFilter(exit.filter());
    Logger logger = context.getLogger("some.library");
    logger.error("no cause");
    logger.error("a failure of {}", "x", new IllegalStateException("y"));
    assertThat(exits).hasValue(0);
    logger.error("caught", new RuntimeException(new OutOfMemoryError("Java heap space")));
    assertThat(exits.getAndSet(0)).isPositive();
    logger.warn("caught by {} and {} and {}", 1, 2, 3, new OutOfMemoryError("Java heap space"));
    assertThat(exits.getAndSet(0)).isPositive();
    logger.debug("not even printed", new OutOfMemoryError("Java heap space"));
    assertThat(exits.get()).isPositive();
  }

  @Test
  void causesInACircleAreNoMatter() {
    RuntimeException one = new RuntimeException();
    one.initCause(new RuntimeException(one));
    exit.uncaught(Thread.currentThread(), one);
    assertThat(exits).hasValue(0);
  }
}
