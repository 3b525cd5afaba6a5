package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.TooMuchDirty;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Admission of writes: the bytes that may be dirty or on their way to it, and the place where a
 * write waits for some.
 *
 * <p>A write reserves what its entry will retain before it is proposed. What applies a committed
 * write never waits: the entry is charged whether there is room or not, and the reservation is
 * released with the outcome, by the same thread. So the dirty bytes stay within the bound, but for
 * what is being applied this moment, counted twice, and for what another leader admitted: this
 * server takes that as it comes and admits nothing until it is below the bound. Rows that the
 * database refuses are moved into a second budget, so that they do not throttle the others.
 *
 * <p><b>Concurrency.</b> Reserving and releasing are one compare-and-set each; the lock is taken
 * only by writes that wait, and by a release while some do. The number of waiters is bounded too.
 */
final class DirtyBudget {

  private final long maxBytes;
  private final long maxEntries;
  private final long maxQuarantinedBytes;
  private final long maxQuarantinedEntries;
  private final int maxWaiters;
  private final Duration maxWait;

  private final AtomicLong dirtyBytes = new AtomicLong();
  private final AtomicLong dirtyEntries = new AtomicLong();
  private final AtomicLong quarantinedBytes = new AtomicLong();
  private final AtomicLong quarantinedEntries = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final AtomicInteger waiters = new AtomicInteger();

  DirtyBudget(
      long maxBytes, long maxEntries, long maxQuarantinedBytes, int maxWaiters, Duration maxWait) {
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
    this.maxQuarantinedBytes = maxQuarantinedBytes;
    // The same share as of the bytes.
    this.maxQuarantinedEntries =
        Math.max(1, (long) (maxEntries * ((double) maxQuarantinedBytes / maxBytes)));
    this.maxWaiters = maxWaiters;
    this.maxWait = maxWait;
  }

  /**
   * Reserves one entry of so many bytes, waiting a short while for room.
   *
   * @throws TooMuchDirty when there is still no room after the wait, or too many wait already
   */
  void reserve(long bytes) {
    // A newcomer does not overtake those who wait: their bytes would never come.
    if (waiters.get() == 0 && tryReserve(bytes)) {
      return;
    }
    lock.lock();
    try {
      if (waiters.get() >= maxWaiters) {
        throw new TooMuchDirty(dirtyBytes.get(), maxBytes);
      }
      waiters.incrementAndGet();
      try {
        long nanosLeft = maxWait.toNanos();
        while (!tryReserve(bytes)) {
          if (nanosLeft <= 0) {
            throw new TooMuchDirty(dirtyBytes.get(), maxBytes);
          }
          // No wake-up is lost: a release that still reads no waiter has added its bytes before
          // this one counted itself, and so before this one tried.
          nanosLeft = released.awaitNanos(nanosLeft);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TooMuchDirty(dirtyBytes.get(), maxBytes);
      } finally {
        waiters.decrementAndGet();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Charges an entry of so many bytes, whether there is room or not. Never waits. */
  void charge(long bytes) {
    dirtyEntries.incrementAndGet();
    dirtyBytes.addAndGet(bytes);
  }

  /** Gives back an entry of so many bytes, reserved or charged; 0 for one that has been already. */
  void release(long bytes) {
    if (bytes == 0) {
      return;
    }
    dirtyEntries.decrementAndGet();
    dirtyBytes.addAndGet(-bytes);
    if (waiters.get() > 0) {
      lock.lock();
      try {
        released.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether more than half of the entries are in use that may be. */
  boolean isShortOfEntries() {
    return dirtyEntries.get() > maxEntries / 2;
  }

  /**
   * Moves an entry of so many bytes out of the dirty budget into the quarantine's. Returns false
   * when that one is full.
   */
  boolean quarantine(long bytes) {
    if (!tryAdd(quarantinedEntries, 1, maxQuarantinedEntries)) {
      return false;
    }
    if (!tryAdd(quarantinedBytes, bytes, maxQuarantinedBytes)) {
      quarantinedEntries.decrementAndGet();
      return false;
    }
    release(bytes);
    return true;
  }

  /** Gives an entry's bytes of the quarantine's budget back. */
  void releaseQuarantined(long bytes) {
    quarantinedEntries.decrementAndGet();
    quarantinedBytes.addAndGet(-bytes);
  }

  long dirtyBytes() {
    return dirtyBytes.get();
  }

  long quarantinedBytes() {
    return quarantinedBytes.get();
  }

  long maxBytes() {
    return maxBytes;
  }

  private boolean tryReserve(long bytes) {
    if (!tryAdd(dirtyEntries, 1, maxEntries)) {
      return false;
    }
    if (!tryAdd(dirtyBytes, bytes, maxBytes)) {
      // Whoever misses this entry meanwhile waits for the release that these bytes wait for.
      dirtyEntries.decrementAndGet();
      return false;
    }
    return true;
  }

  private static boolean tryAdd(AtomicLong counter, long more, long max) {
    for (; ; ) {
      long now = counter.get();
      if (now + more > max) {
        return false;
      }
      if (counter.compareAndSet(now, now + more)) {
        return true;
      }
    }
  }
}
