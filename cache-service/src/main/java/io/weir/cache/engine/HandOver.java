package io.weir.cache.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings what other threads have done for an event loop back to it: one task for as many as there
 * are, since a hand-over costs more than a command.
 *
 * <p><b>Concurrency.</b> A stack without locks, which any thread pushes to, and which the loop
 * takes as a whole. A task is under way from the moment that {@link #start} finds none until it
 * takes the stack: what was pushed before a {@link #told} is either taken by the task that is under
 * way, since that lowers the flag before it takes, or by one of its own.
 */
public final class HandOver {

  private final Executor loop;
  private final Runnable afterwards;
  private final Runnable task = this::takeAll;
  private final AtomicReference<@Nullable Returning> top = new AtomicReference<>();
  private final AtomicBoolean underWay = new AtomicBoolean();

  /** Of the loop. */
  private boolean isTaking;

  /**
   * @param loop runs tasks one by one, in its own thread
   * @param afterwards run by it once all that came together is back
   */
  public HandOver(Executor loop, Runnable afterwards) {
    this.loop = loop;
    this.afterwards = afterwards;
  }

  /** Something that returns to the loop, once. */
  public abstract static class Returning {

    private @Nullable Returning below;

    /** It is back, on the loop. Throws nothing, for what came with it is to return too. */
    protected abstract void back();
  }

  /** Takes something on its way; {@link #told} starts that. */
  public void push(Returning returning) {
    Returning under;
    do {
      under = top.get();
      returning.below = under;
    } while (!top.compareAndSet(under, returning));
  }

  /** All that came together is pushed. */
  public void told() {
    if (top.get() != null) {
      start();
    }
  }

  /** Has the loop take what there is, and do what comes afterwards, be it for itself alone. */
  public void start() {
    if (underWay.compareAndSet(false, true)) {
      try {
        loop.execute(task);
      } catch (RejectedExecutionException e) {
        // The loop has ended, and all its connections with it: nobody waits.
      }
    }
  }

  /** Whether the loop is at it, and will do what comes afterwards. For the loop to ask. */
  public boolean isTaking() {
    return isTaking;
  }

  private void takeAll() {
    underWay.set(false);
    isTaking = true;
    try {
      takeWhatIsThere();
      afterwards.run();
    } finally {
      isTaking = false;
    }
  }

  private void takeWhatIsThere() {
    Returning each = top.getAndSet(null);
    while (each != null) {
      Returning next = each.below;
      each.below = null;
      each.back();
      each = next;
    }
  }
}
