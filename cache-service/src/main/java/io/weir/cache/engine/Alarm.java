package io.weir.cache.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one thread sleeps on until something is due, and what those ring who make it so.
 *
 * <p><b>Invariant.</b> No ring is lost. Whoever rings has changed something first; the thread
 * {@linkplain #lower lowers} the alarm first, and looks then. A ring that comes after the lowering
 * ends the next sleep, be it before that begins: the flag is up when the thread looks at it, or the
 * thread is known when it is to be woken. One that comes before the lowering, or finds the flag up
 * from before, has made its change before the look.
 *
 * <p><b>Concurrency.</b> Rung by any thread, under whatever lock; costs one read while it is up.
 */
public final class Alarm {

  private volatile boolean up;
  private volatile @Nullable Thread sleeper;

  /** Ends the sleep, or the next one, unless the alarm is lowered before that. */
  public void ring() {
    if (up) {
      return;
    }
    up = true;
    Thread waked = sleeper;
    if (waked != null) {
      LockSupport.unpark(waked);
    }
  }

  /** Before the thread looks for what is due. */
  public void lower() {
    up = false;
  }

  /** Sleeps until the alarm is rung, or for so long. It may end for no reason. */
  public void await(long nanos) {
    sleeper = Thread.currentThread();
    if (!up) {
      LockSupport.parkNanos(this, nanos);
    }
    sleeper = null;
  }
}
