package io.weir.cache.web;

import io.weir.cache.door.OverloadedException;
import io.weir.cache.engine.HeapLayout;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The memory that requests under way may take together: what is reserved before a part of a body is
 * read is given back when the request ends, so that slow or many clients cannot fill the heap
 * between them.
 *
 * <p>A body is reserved as it comes ({@link Body}), times the copies of it that there are at once:
 *
 * <ul>
 *   <li>a value, {@value #VALUE_COPIES}: as it is read and as one piece, later as the value and as
 *       the journal's entry;
 *   <li>a batch, {@value #BATCH_COPIES}: its text, its parsed texts, which take two bytes for each
 *       of one as soon as a character needs them, and its values, decoded; {@link #OPERATION_BYTES}
 *       for each operation, and {@link #WORKER_BYTES} for each that runs at once;
 *   <li>the answer of a batch, {@value #ANSWER_COPIES} of each value that it reads: as a text.
 * </ul>
 *
 * <p>A copy that is large for the heap's regions counts as those that it takes; see {@link
 * HeapLayout}.
 *
 * <p>An eighth is left to the first step of single values: what is small finds room, whoever sends
 * what is large, and however slowly. Answers to reads of single keys have a budget of their own,
 * half as large: they hold the value itself, which is no copy, but outlives its eviction there.
 *
 * <p><b>Concurrency.</b> Who finds no room waits for it, for a short time. Small requests overtake
 * a large one that waits.
 */
public final class RequestBudget {

  static final int VALUE_COPIES = 2;
  static final int BATCH_COPIES = 4;
  static final int ANSWER_COPIES = 2;

  /** Its records, its future and a problem as the answer. */
  static final int OPERATION_BYTES = 1024;

  /** A parked virtual thread, and what waits for it: a load, a proposal, a timer. */
  static final int WORKER_BYTES = 4 * 1024;

  /** What is reserved of a body at first, and the largest body that is small. */
  public static final int FIRST_STEP = 4 * 1024;

  private static final int LEFT_TO_SMALL = 8;

  /** Of the formula that sizes a heap a third is for requests and the collector: half of that. */
  private static final int SHARE_OF_HEAP = 6;

  /** Of a permit: an int of them are 2 TiB. */
  private static final int UNIT = 1024;

  private static final HeapLayout HEAP = HeapLayout.ofThisVm();

  private final int units;
  private final int answerUnits;
  private final Semaphore all;
  private final Semaphore forLarge;
  private final Semaphore forAnswers;
  private final Duration maxWait;

  /** Units that were reserved though there was no room for them. */
  private final AtomicInteger overdrawn = new AtomicInteger();

  /**
   * A budget.
   *
   * @param maxWait how long a request waits for room
   */
  public RequestBudget(ByteSize size, Duration maxWait) {
    this.units = Math.toIntExact(size.bytes() / UNIT);
    this.answerUnits = Math.max(1, units / 2);
    this.all = new Semaphore(units);
    this.forLarge = new Semaphore(units - units / LEFT_TO_SMALL);
    this.forAnswers = new Semaphore(answerUnits);
    this.maxWait = maxWait;
  }

  /** The smallest budget that the largest request of each kind fits into, in whole KiB. */
  public static ByteSize least(ByteSize largestValue, ByteSize largestBatch, int mostOperations) {
    long value = units(copies(largestValue.bytes(), VALUE_COPIES));
    long batch =
        (long) units(copies(largestBatch.bytes(), BATCH_COPIES))
            + units(operationBytes(mostOperations, BatchController.workers(mostOperations)));
    long large = Math.max(value, batch);
    return ByteSize.ofKiB(large + large / (LEFT_TO_SMALL - 1) + 1);
  }

  /** A share of the heap, but no less than one largest request takes. */
  public static ByteSize standard(ByteSize least) {
    long share = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / UNIT;
    return ByteSize.ofKiB(Math.clamp(share, least.bytes() / UNIT, Integer.MAX_VALUE));
  }

  /** What the operations of a batch take besides its text and its values. */
  private static long operationBytes(int operations, int workers) {
    return (long) operations * OPERATION_BYTES + (long) workers * WORKER_BYTES;
  }

  /** How many bytes are reserved. */
  public long reservedBytes() {
    return (long) (units - all.availablePermits() + overdrawn.get()) * UNIT;
  }

  /** How many bytes there are. */
  public long maxBytes() {
    return (long) units * UNIT;
  }

  /** How many bytes of values are being written to clients, small ones left out. */
  long answeredBytes() {
    return (long) (answerUnits - forAnswers.availablePermits()) * UNIT;
  }

  /** For the value of a single key; nothing is reserved yet. */
  public Reservation value() {
    return new Reservation(VALUE_COPIES, FIRST_STEP);
  }

  /** For a batch; nothing is reserved yet. */
  Reservation batch() {
    return new Reservation(BATCH_COPIES, 0);
  }

  /** Reserves bytes by themselves, without waiting; returns false when there is no room now. */
  public boolean tryReserve(long bytes) {
    return tryTake(units(bytes), false);
  }

  /**
   * The same whether there is room or not, for what is there already: others wait until it is given
   * back.
   */
  public void reserve(long bytes) {
    int wanted = units(bytes);
    if (!tryTake(wanted, false)) {
      overdrawn.addAndGet(wanted);
    }
  }

  /** Gives back what was reserved by itself. */
  public void release(long bytes) {
    int back = units(bytes);
    int owed = Math.min(back, overdrawn.getAndUpdate(debt -> debt - Math.min(debt, back)));
    giveBack(back - owed, false);
  }

  /**
   * Reserves for a value while it is written to a client. One that is larger than all there is for
   * them is written alone.
   *
   * @throws OverloadedException when there is no room in time
   */
  public Answer answer(long bytes) {
    int taken = answerUnits(bytes);
    await(forAnswers, taken);
    return () -> forAnswers.release(taken);
  }

  /** The same without waiting; null when there is no room now. */
  public @Nullable Answer tryAnswer(long bytes) {
    int taken = answerUnits(bytes);
    return forAnswers.tryAcquire(taken) ? () -> forAnswers.release(taken) : null;
  }

  private int answerUnits(long bytes) {
    return Math.min(units(copies(bytes, 1)), answerUnits);
  }

  /** A value that is being written to a client, until it is closed. */
  public interface Answer extends AutoCloseable {
    @Override
    void close();
  }

  private void await(Semaphore room, int wanted) {
    try {
      if (room.tryAcquire(wanted)
          || room.tryAcquire(wanted, maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new OverloadedException(
        "the requests under way take all of weir.requests.max-bytes-in-flight, "
            + ByteSize.ofKiB(units));
  }

  /** Takes of what is left to small ones too, or not. */
  private void take(int wanted, boolean small) {
    if (small) {
      await(all, wanted);
      return;
    }
    await(forLarge, wanted);
    try {
      await(all, wanted);
    } catch (OverloadedException e) {
      forLarge.release(wanted);
      throw e;
    }
  }

  private boolean tryTake(int wanted, boolean small) {
    if (small) {
      return all.tryAcquire(wanted);
    }
    if (!forLarge.tryAcquire(wanted)) {
      return false;
    }
    if (!all.tryAcquire(wanted)) {
      forLarge.release(wanted);
      return false;
    }
    return true;
  }

  private void giveBack(int taken, boolean small) {
    all.release(taken);
    if (!small) {
      forLarge.release(taken);
    }
  }

  /** Arrays of a length, each with the rest of its last region where it has whole ones. */
  private static long copies(long length, int copies) {
    return HEAP.withWholeRegions(length) * copies;
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes, UNIT));
  }

  /**
   * What one request has reserved, until it is closed.
   *
   * <p><b>Concurrency.</b> Any thread may reserve, and find it closed meanwhile: then it has
   * nothing. Its monitor guards what is noted, not the waiting for it.
   */
  public final class Reservation implements AutoCloseable {

    private final int copies;
    private final long smallBytes;
    private long bodyUnits;
    private int small;
    private int large;
    private boolean closed;

    private Reservation(int copies, long smallBytes) {
      this.copies = copies;
      this.smallBytes = smallBytes;
    }

    /**
     * Reserves for a body of so many bytes, in place of what was reserved for it before. For the
     * thread that reads it.
     *
     * @throws OverloadedException when there is no room in time
     */
    public void body(long bytes) {
      int more = missing(bytes);
      if (more > 0) {
        boolean isSmall = bytes <= smallBytes;
        take(more, isSmall);
        note(more, isSmall);
        bodyUnits += more;
      }
    }

    /** The same without waiting; returns false when there is no room now. */
    public boolean tryBody(long bytes) {
      int more = missing(bytes);
      if (more > 0) {
        boolean isSmall = bytes <= smallBytes;
        if (!tryTake(more, isSmall)) {
          return false;
        }
        note(more, isSmall);
        bodyUnits += more;
      }
      return true;
    }

    private int missing(long bytes) {
      return Math.toIntExact(units(copies(bytes, copies)) - bodyUnits);
    }

    /**
     * Reserves for the operations of a batch.
     *
     * @param workers how many of them run at once, at most
     * @throws OverloadedException when there is no room in time
     */
    void operations(int operations, int workers) {
      int more = units(operationBytes(operations, workers));
      take(more, false);
      note(more, false);
    }

    /** Reserves for a value that a batch has read; returns false when there is no room now. */
    boolean answers(long bytes) {
      int more = units(copies(bytes, ANSWER_COPIES));
      return tryTake(more, false) && note(more, false);
    }

    /** Returns false, and gives it back, when this is closed. */
    private synchronized boolean note(int taken, boolean isSmall) {
      if (closed) {
        giveBack(taken, isSmall);
      } else if (isSmall) {
        small += taken;
      } else {
        large += taken;
      }
      return !closed;
    }

    @Override
    public synchronized void close() {
      closed = true;
      giveBack(small, true);
      giveBack(large, false);
      small = 0;
      large = 0;
    }
  }
}
