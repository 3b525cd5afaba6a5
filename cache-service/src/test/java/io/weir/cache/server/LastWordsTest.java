package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LastWordsTest {

  @Test
  void theProcessEndsOnceTheyAreSaid() {
    List<String> done = new ArrayList<>();
    LastWords.say(() -> done.add("said"), Duration.ofMinutes(1), () -> done.add("ended"));
    assertThat(done).containsExactly("said", "ended");
  }

  @Test
  void theProcessEndsWhereTheyCannotBeSaid() {
    List<String> done = new ArrayList<>();
    assertThatThrownBy(() ->
            LastWords.say(
                () -> {
                  throw new OutOfMemoryError("no memory for a line");
                },
                Duration.ofMinutes(1),
                () -> done.add("ended")))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(done).containsExactly("ended");
  }

  /** The log is on the disk that hangs. */
  @Test
  void theProcessEndsWhileTheyWaitForTheDisk() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch disk = new CountDownLatch(1);
    Thread speaker =
        Thread.ofVirtual()
            .start(
                () -> LastWords.say(() -> waitFor(disk), Duration.ofMillis(1), ended::countDown));
    ended.await();
    assertThat(speaker.isAlive()).isTrue();
    disk.countDown();
    speaker.join();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
