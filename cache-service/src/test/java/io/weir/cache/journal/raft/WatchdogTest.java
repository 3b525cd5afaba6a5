package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  private final TrippedListener listener = new TrippedListener();
  private final Steps steps = new Steps();
  private final Watchdog watchdog =
      new Watchdog(
          listener.failStop(), List.of(new Watchdog.Watched("the disk hangs", steps::current)));

  @AfterEach
  void close() {
    watchdog.close();
  }

  @Test
  void aStepThatDoesNotEndEndsTheMember() {
    steps.begin();
    look(Watchdog.PATIENCE);
    assertThat(listener.broken).isEmpty();
    look(1);
    assertThat(listener.broken).containsExactly("the disk hangs");
  }

  @Test
  void aWorkerThatRestsOrGoesOnIsAlive() {
    look(3 * Watchdog.PATIENCE);
    for (int step = 0; step < 3 * Watchdog.PATIENCE; step++) {
      steps.begin();
      look(Watchdog.PATIENCE - 1);
      steps.end();
    }
    assertThat(listener.broken).isEmpty();
  }

  @Test
  void aLookThatFailsEndsTheMember() {
    try (Watchdog failing =
        new Watchdog(
            listener.failStop(),
            List.of(
                new Watchdog.Watched(
                    "never told",
                    () -> {
                      throw new IllegalStateException("the node is gone");
                    })))) {
      failing.look();
    }
    assertThat(listener.broken)
        .containsExactly("could not tell whether the journal's work stands still");
  }

  @Test
  void aStepWithinAnotherIsPartOfIt() {
    steps.begin();
    steps.begin();
    steps.end();
    assertThat(steps.current()).isNotEqualTo(Steps.NONE);
    steps.end();
    assertThat(steps.current()).isEqualTo(Steps.NONE);
  }

  private void look(int times) {
    for (int look = 0; look < times; look++) {
      watchdog.look();
    }
  }
}
