package io.weir.cache.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what other threads have done for an event loop back to it, in the order in which they did
 * it: one task for as many as there are, since to wake a thread costs more than a command.
 *
 * <p><b>Concurrency.</b> A stack without locks, which any thread pushes to, and which the loop
 * takes as a whole and turns around. A task is under way from the moment that {@link #start} finds
 * none until just before it takes the stack: what was pushed before a {@link #told} is either taken
 * by the task that is under way, since that lowers the flag before it takes, or by one of its own.
 *
 * <p><b>Failure.</b> What one of them throws is logged, and the others come back.
 */
public final class WayBack {

  private static final Logger LOG = LoggerFactory.getLogger(WayBack.class);

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
  public WayBack(Executor loop, Runnable afterwards) {
    this.loop = loop;
    this.afterwards = afterwards;
  }

  /** Something that returns to the loop, once. */
  public abstract static class Returning {

    private @Nullable Returning below;

    /** It is back, on the loop. */
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

  /** Has the loop take what there is, and do what comes afterwards, even if nothing was pushed. */
  public void start() {
    if (underWay.compareAndSet(false, true)) {
      try {
        loop.execute(task);
      } catch (RejectedExecutionException e) {
        underWay.set(false); // The loop has ended, and all its connections with it: nobody waits.
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
    Returning next = inOrder(top.getAndSet(null));
    while (next != null) {
      Returning each = next;
      next = each.below;
      each.below = null;
      try {
        each.back();
      } catch (RuntimeException | Error e) {
        LOG.error("what came back to an event loop was not taken note of", e);
      }
    }
  }

  /** Turns a stack around: what was pushed first is on top. */
  private static @Nullable Returning inOrder(@Nullable Returning newest) {
    Returning turned = null;
    Returning rest = newest;
    while (rest != null) {
      Returning each = rest;
      rest = each.below;
      each.below = turned;
      turned = each;
    }
    return turned;
  }
}
