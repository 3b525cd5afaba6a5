package io.weir.cache.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a process says before it ends at once. Where the log goes to the disk that hangs, no line
 * returns; the process ends all the same, a moment later.
 */
final class LastWords {

  /** What a disk that works takes for a line, many times over. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private LastWords() {}

  /**
   * Says the words, and ends the process: also where they take too long, or fail, or where there is
   * no memory for a thread that waits for them.
   *
   * @param end ends the process; run twice at most
   */
  static void say(Runnable words, Duration patience, Runnable end) {
    CountDownLatch said = new CountDownLatch(1);
    try {
      var _ =
          Thread.ofPlatform()
              .daemon()
              .name("weir-last-words")
              .start(() -> endUnless(said, patience, end));
      words.run();
    } finally {
      said.countDown();
      end.run();
    }
  }

  private static void endUnless(CountDownLatch said, Duration patience, Runnable end) {
    boolean inTime = false;
    try {
      inTime = said.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!inTime) {
      end.run();
    }
  }
}
