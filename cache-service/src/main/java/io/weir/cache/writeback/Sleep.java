package io.weir.cache.writeback;

import io.weir.cache.engine.Alarm;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How the write-back's thread sleeps: until something is due, the engine's alarm is rung, or an
 * operator calls.
 *
 * <p><b>Invariant.</b> Nothing is slept through but for what cannot be helped. A call is noted
 * before the thread is woken, and the thread forgets the earlier ones before it looks for what they
 * wanted; the rings of the {@link Alarm} likewise. While the database or the group does not let it
 * work, the thread is deaf to the alarm: else each write above the watermark would wake it in vain.
 *
 * <p><b>Concurrency.</b> {@link #call} by any thread, the rest by the one that sleeps.
 */
final class Sleep {

  /** The longest sleep, should there be nothing to do. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long it waits when something is due that it may not do. */
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Alarm alarm;
  private final Thread thread;

  private volatile boolean called;

  /**
   * @param thread the one that sleeps
   */
  Sleep(Alarm alarm, Thread thread) {
    this.alarm = alarm;
    this.thread = thread;
  }

  /** Wakes the thread, whatever it waits for. */
  void call() {
    called = true;
    LockSupport.unpark(thread);
  }

  /** Before the thread looks for what is to be done. */
  void over() {
    called = false;
    alarm.lower();
  }

  /** Sleeps until a moment, or for as long as it takes until something due may be done. */
  void until(long nowNanos, long nextNanos) {
    if (nextNanos <= nowNanos) {
      deaf(AGAIN_NANOS);
    } else if (!called) {
      alarm.await(Math.min(nextNanos - nowNanos, IDLE_NANOS));
    }
  }

  /** Sleeps, and hears no alarm. */
  void deaf(long nanos) {
    if (!called) {
      LockSupport.parkNanos(this, Math.min(nanos, IDLE_NANOS));
    }
  }
}
