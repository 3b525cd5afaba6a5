package io.weir.cache.redis;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The turns of the commands that read keys page by page: a page reads values too, so no more than
 * four are read at once.
 *
 * <p><b>Concurrency.</b> Safe for use by many threads, which it keeps waiting.
 */
public final class ScanTurns {

  private static final int MOST_AT_ONCE = 4;

  private final Duration maxWait;
  private final Semaphore turns = new Semaphore(MOST_AT_ONCE, true);

  /**
   * @param maxWait how long a page waits for others to end
   */
  public ScanTurns(Duration maxWait) {
    this.maxWait = maxWait;
  }

  /**
   * Reads a page, or a few.
   *
   * @throws CommandRefusedException when the others take too long
   */
  <T> T take(Supplier<T> pages) {
    boolean taken;
    try {
      taken = turns.tryAcquire(maxWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      taken = false;
    }
    if (!taken) {
      throw new CommandRefusedException(
          "TRYAGAIN more than " + MOST_AT_ONCE + " commands read all keys at once");
    }
    try {
      return pages.get();
    } finally {
      turns.release();
    }
  }
}
