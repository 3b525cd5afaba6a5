package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.TooMuchDirty;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Admission of writes: the bytes that may be dirty or on their way to it, and the place where a
 * write waits for some.
 *
 * <p>A write reserves what its entry will retain before it is proposed; one that replaces a dirty
 * entry, what it adds to that. What applies a committed write never waits: the entry is charged
 * whether there is room or not, and the reservation is released with the outcome, by the same
 * thread. So the dirty bytes stay within the bound, but for what is being applied this moment,
 * counted twice; for writes in flight whose entry was flushed before they could replace it; and for
 * what another leader admitted. This server takes that as it comes and admits nothing until it is
 * below the bound. Rows that the database refuses are moved into a second budget, so that they do
 * not throttle the others.
 *
 * <p><b>Concurrency.</b> Reserving and releasing are one compare-and-set each, of the bytes, and of
 * the entries where those are bounded; nobody holds a lock. Writes that wait stand in a line, and a
 * newcomer joins its end. Whoever releases something grants it to the first of the line, and to the
 * next, for as long as there is room for them: each is woken once, and has its bytes then. One
 * thread at a time grants; another that comes meanwhile has it look once more.
 *
 * <p><b>Invariant.</b> No write waits while there is room for the first of the line. Who frees
 * something does that first, and then reads whether anybody waits; who waits counts itself first,
 * joins the line, and then looks for room. So the one sees the other, or the room. An entry that is
 * counted in vain for a moment, since its bytes have no room, is followed by a look too.
 */
final class DirtyBudget {

  private final long maxBytes;
  private final long maxEntries;

  /** Whether entries are counted; where there may be any number of them nobody asks. */
  private final boolean boundsEntries;

  private final long maxQuarantinedBytes;
  private final long maxQuarantinedEntries;
  private final int maxWaiters;
  private final Duration maxWait;

  private final AtomicLong dirtyBytes = new AtomicLong();
  private final AtomicLong dirtyEntries = new AtomicLong();
  private final AtomicLong quarantinedBytes = new AtomicLong();
  private final AtomicLong quarantinedEntries = new AtomicLong();

  /** How many wait. */
  private final AtomicInteger waiters = new AtomicInteger();

  /** The first comes first. Those who have given up stand in it until they are the first. */
  private final Queue<Waiter> line = new ConcurrentLinkedQueue<>();

  /** How often somebody has wanted to grant since the one who does has begun; 0 when none does. */
  private final AtomicInteger granting = new AtomicInteger();

  DirtyBudget(
      long maxBytes, long maxEntries, long maxQuarantinedBytes, int maxWaiters, Duration maxWait) {
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
    this.boundsEntries = maxEntries != Long.MAX_VALUE;
    this.maxQuarantinedBytes = maxQuarantinedBytes;
    // The same share as of the bytes.
    this.maxQuarantinedEntries =
        Math.max(1, (long) (maxEntries * ((double) maxQuarantinedBytes / maxBytes)));
    this.maxWaiters = maxWaiters;
    this.maxWait = maxWait;
  }

  /** A write that waits. Its own thread and the one that grants decide by one compare-and-set. */
  private static final class Waiter {

    private static final int WAITS = 0;
    private static final int GRANTED = 1;
    private static final int GONE = 2;

    private final long bytes;
    private final int entries;
    private final CountDownLatch granted = new CountDownLatch(1);
    private final AtomicInteger state = new AtomicInteger(WAITS);

    Waiter(long bytes, int entries) {
      this.bytes = bytes;
      this.entries = entries;
    }

    boolean waits() {
      return state.get() == WAITS;
    }

    boolean becomes(int next) {
      return state.compareAndSet(WAITS, next);
    }
  }

  /** Reserves, if there is room and nobody waits for it. */
  boolean tryReserve(long bytes, int entries) {
    // A newcomer does not overtake those who wait: their bytes would never come.
    if (waiters.get() > 0) {
      return false;
    }
    if (tryTake(bytes, entries)) {
      return true;
    }
    grantIfAnyWaits();
    return false;
  }

  /**
   * Reserves so many bytes and entries, waiting a short while for room. What needs no room gets it
   * at once.
   *
   * @throws TooMuchDirty when there is still no room after the wait, or too many wait already
   */
  void reserve(long bytes, int entries) {
    if ((bytes == 0 && entries == 0) || tryReserve(bytes, entries)) {
      return;
    }
    boolean mayWait = waiters.incrementAndGet() <= maxWaiters;
    if (!mayWait) {
      waiters.decrementAndGet();
      grant();
      throw tooMuchDirty();
    }
    Waiter waiter = new Waiter(bytes, entries);
    line.add(waiter);
    grant();
    if (!await(waiter)) {
      waiters.decrementAndGet();
      grant(); // The next of the line may need less.
      throw tooMuchDirty();
    }
  }

  /** Waits until it is granted. Returns false when it has given up. */
  private boolean await(Waiter waiter) {
    try {
      if (waiter.granted.await(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !waiter.becomes(Waiter.GONE);
  }

  /** Gives room to those who wait, the first first. */
  private void grant() {
    if (granting.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      for (Waiter first = line.peek(); first != null; first = line.peek()) {
        boolean waits = first.waits();
        if (waits && !tryTake(first.bytes, first.entries)) {
          break;
        }
        line.remove();
        if (waits && first.becomes(Waiter.GRANTED)) {
          waiters.decrementAndGet();
          first.granted.countDown();
        } else if (waits) {
          putBack(first.bytes, first.entries);
        }
      }
      seen = granting.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Charges an entry of so many bytes, whether there is room or not. Never waits. */
  void charge(long bytes) {
    charge(bytes, 1);
  }

  /** The same of any number of entries. */
  void charge(long bytes, int entries) {
    addEntries(entries);
    dirtyBytes.addAndGet(bytes);
  }

  /** Charges an entry, in place of what it was charged before; 0 for nothing. Never waits. */
  void recharge(long before, long bytes) {
    if (before == 0) {
      charge(bytes);
    } else if (bytes != before) {
      dirtyBytes.addAndGet(bytes - before);
      grantIfAnyWaits();
    }
  }

  /** Gives back an entry of so many bytes, reserved or charged; 0 for one that has been already. */
  void release(long bytes) {
    release(bytes, bytes == 0 ? 0 : 1);
  }

  /** Gives back what was reserved. */
  void release(long bytes, int entries) {
    if (bytes == 0 && entries == 0) {
      return;
    }
    putBack(bytes, entries);
    grantIfAnyWaits();
  }

  private void putBack(long bytes, int entries) {
    addEntries(-entries);
    dirtyBytes.addAndGet(-bytes);
  }

  private void addEntries(int more) {
    if (boundsEntries) {
      dirtyEntries.addAndGet(more);
    }
  }

  private void grantIfAnyWaits() {
    if (waiters.get() > 0) {
      grant();
    }
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

  private TooMuchDirty tooMuchDirty() {
    return new TooMuchDirty(dirtyBytes.get(), maxBytes);
  }

  private boolean tryTake(long bytes, int entries) {
    if (boundsEntries && !tryAdd(dirtyEntries, entries, maxEntries)) {
      return false;
    }
    if (!tryAdd(dirtyBytes, bytes, maxBytes)) {
      addEntries(-entries);
      return false;
    }
    return true;
  }

  private static boolean tryAdd(AtomicLong counter, long more, long max) {
    if (more == 0) {
      return true;
    }
    for (; ; ) {
      long now = counter.get();
      if (more > 0 && now + more > max) {
        return false;
      }
      if (counter.compareAndSet(now, now + more)) {
        return true;
      }
    }
  }
}
