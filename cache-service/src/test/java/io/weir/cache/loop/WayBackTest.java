package io.weir.cache.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whatever was pushed comes back, in order, whatever the others do. */
class WayBackTest {

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<String> seen = new ArrayList<>();
  private final WayBack wayBack = new WayBack(tasks::add, () -> seen.add("afterwards"));

  private void push(String name, Runnable more) {
    wayBack.push(
        new WayBack.Returning() {
          @Override
          protected void back() {
            seen.add(name);
            more.run();
          }
        });
  }

  private void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void whatIsPushedComesBackInItsOrderByOneTask() {
    for (String name : List.of("a", "b", "c")) {
      push(name, () -> {});
      wayBack.told();
    }
    assertThat(tasks).hasSize(1);
    run();
    assertThat(seen).containsExactly("a", "b", "c", "afterwards");
    assertThat(wayBack.isTaking()).isFalse();
  }

  @Test
  void whatThrowsKeepsNoOtherFromComingBack() {
    push("a", () -> {});
    push(
        "b",
        () -> {
          throw new LinkageError("planted");
        });
    push("c", () -> {});
    wayBack.told();
    run();
    assertThat(seen).containsExactly("a", "b", "c", "afterwards");
  }

  @Test
  void whatIsPushedAsOthersComeBackComesBackByAnotherTask() {
    push(
        "a",
        () -> {
          assertThat(wayBack.isTaking()).isTrue();
          push("b", () -> {});
          wayBack.told();
        });
    wayBack.told();
    run();
    assertThat(seen).containsExactly("a", "afterwards", "b", "afterwards");
  }

  @Test
  void aLoopThatHasEndedIsAskedAgain() {
    List<Runnable> asked = new ArrayList<>();
    WayBack ended =
        new WayBack(
            task -> {
              asked.add(task);
              throw new RejectedExecutionException("ended");
            },
            () -> {});
    ended.start();
    ended.start();
    assertThat(asked).hasSize(2);
  }
}
