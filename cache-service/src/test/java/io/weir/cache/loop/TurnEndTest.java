package io.weir.cache.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnEndTest {

  private final Queue<Runnable> atHand = new ArrayDeque<>();
  private final TurnEnd turnEnd = new TurnEnd(atHand::add);
  private final AtomicInteger runs = new AtomicInteger();
  private final Runnable task = runs::incrementAndGet;

  @Test
  void runsATaskOnceATurnBehindWhatIsAtHand() {
    atHand.add(() -> assertThat(runs).hasValue(0));
    assertThat(turnEnd.add(task)).isTrue();
    assertThat(turnEnd.add(task)).isTrue();
    assertThat(runs).hasValue(0);
    runAll();
    assertThat(runs).hasValue(1);
  }

  @Test
  void takesTheTaskAgainInTheNextTurnAndFromTheTaskItself() {
    AtomicInteger again = new AtomicInteger();
    Runnable asksAgain =
        new Runnable() {
          @Override
          public void run() {
            if (again.incrementAndGet() < 3) {
              assertThat(turnEnd.add(this)).isTrue();
            }
          }
        };
    assertThat(turnEnd.add(asksAgain)).isTrue();
    runAll();
    assertThat(again).hasValue(3);
    assertThat(turnEnd.add(task)).isTrue();
    runAll();
    assertThat(runs).hasValue(1);
  }

  @Test
  void takesOneTaskATurn() {
    assertThat(turnEnd.add(task)).isTrue();
    assertThat(turnEnd.add(() -> {})).isFalse();
    runAll();
    assertThat(runs).hasValue(1);
  }

  @Test
  void takesNothingOfALoopThatHasEnded() {
    TurnEnd ended =
        new TurnEnd(end -> {
          throw new RejectedExecutionException();
        });
    assertThat(ended.add(task)).isFalse();
    assertThat(ended.add(task)).isFalse();
  }

  private void runAll() {
    for (Runnable next = atHand.poll(); next != null; next = atHand.poll()) {
      next.run();
    }
  }
}
