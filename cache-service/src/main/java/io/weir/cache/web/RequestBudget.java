package io.weir.cache.web;

import io.weir.cache.door.OverloadedException;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that requests under way may take together: what is reserved before the first byte of a
 * body is read is given back when the request ends, so that slow or many clients cannot fill the
 * heap between them.
 *
 * <p>A body is reserved at the length that its head tells, or the longest allowed, times the copies
 * of it that there are at once:
 *
 * <ul>
 *   <li>a value, {@value #VALUE_COPIES}: as it is read and as one piece, later as the value and as
 *       the journal's entry;
 *   <li>a batch, {@value #BATCH_COPIES}: its text, its parsed texts, which take two bytes for each
 *       of one as soon as a character needs them, and its values, decoded;
 *   <li>the answer of a batch, {@value #ANSWER_COPIES} of each value that it reads: as a text.
 * </ul>
 *
 * <p>Batches leave an eighth to the values of single keys, which are small and many.
 *
 * <p><b>Concurrency.</b> Who finds no room waits for it, for a short time. Small requests overtake
 * a large one that waits.
 */
public final class RequestBudget {

  static final int VALUE_COPIES = 2;
  static final int BATCH_COPIES = 4;
  static final int ANSWER_COPIES = 2;

  private static final int LEFT_BY_BATCHES = 8;

  /** Of the formula that sizes a heap a third is for requests and the collector: half of that. */
  private static final int SHARE_OF_HEAP = 6;

  /** Of a permit: an int of them are 2 TiB. */
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore all;
  private final Semaphore forBatches;
  private final Duration maxWait;

  /**
   * A budget.
   *
   * @param maxWait how long a request waits for room
   */
  public RequestBudget(ByteSize size, Duration maxWait) {
    this.units = Math.toIntExact(size.bytes() / UNIT);
    this.all = new Semaphore(units);
    this.forBatches = new Semaphore(units - units / LEFT_BY_BATCHES);
    this.maxWait = maxWait;
  }

  /** The smallest budget that the largest request of each kind fits into, in whole KiB. */
  public static ByteSize least(ByteSize largestValue, ByteSize largestBatch) {
    long batch = units(largestBatch.bytes() * BATCH_COPIES);
    long value = units(largestValue.bytes() * VALUE_COPIES);
    long withWhatIsLeft = batch + batch / (LEFT_BY_BATCHES - 1) + 1;
    return ByteSize.ofKiB(Math.max(value, withWhatIsLeft));
  }

  /** A share of the heap, but no less than one largest request takes. */
  public static ByteSize standard(ByteSize least) {
    long share = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / UNIT;
    return ByteSize.ofKiB(Math.clamp(share, least.bytes() / UNIT, Integer.MAX_VALUE));
  }

  /** How many bytes are reserved. */
  public long reservedBytes() {
    return (long) (units - all.availablePermits()) * UNIT;
  }

  /** How many bytes there are. */
  public long maxBytes() {
    return (long) units * UNIT;
  }

  /**
   * Reserves for the value of a single key.
   *
   * @throws OverloadedException when there is no room in time
   */
  Reservation value(long bytes) {
    return new Reservation(false, await(all, bytes * VALUE_COPIES));
  }

  /**
   * Reserves for the body of a batch.
   *
   * @throws OverloadedException when there is no room in time
   */
  Reservation batch(long bytes) {
    int taken = await(forBatches, bytes * BATCH_COPIES);
    try {
      await(all, bytes * BATCH_COPIES);
      return new Reservation(true, taken);
    } catch (OverloadedException e) {
      forBatches.release(taken);
      throw e;
    }
  }

  private int await(Semaphore room, long bytes) {
    int wanted = units(bytes);
    try {
      if (room.tryAcquire(wanted)
          || room.tryAcquire(wanted, maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        return wanted;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new OverloadedException(
        "the requests under way take all of weir.requests.max-bytes-in-flight, "
            + ByteSize.ofKiB(units));
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, UNIT));
  }

  /** What one request has reserved, until it is closed. Safe for use by many threads. */
  final class Reservation implements AutoCloseable {

    private final boolean ofBatch;
    private final AtomicInteger taken;

    private Reservation(boolean ofBatch, int taken) {
      this.ofBatch = ofBatch;
      this.taken = new AtomicInteger(taken);
    }

    /** Reserves for a value that a batch has read; returns false when there is no room now. */
    boolean answers(long bytes) {
      int more = units(bytes * ANSWER_COPIES);
      if (!forBatches.tryAcquire(more)) {
        return false;
      }
      if (!all.tryAcquire(more)) {
        forBatches.release(more);
        return false;
      }
      taken.addAndGet(more);
      return true;
    }

    @Override
    public void close() {
      int given = taken.getAndSet(0);
      all.release(given);
      if (ofBatch) {
        forBatches.release(given);
      }
    }
  }
}
