package io.weir.cache.redis;

import io.netty.util.concurrent.EventExecutor;
import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.TurnEnd;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings what other threads have done for the connections of an event loop back to it: one task for
 * as many as there are, since a hand-over costs more than a command.
 *
 * <p><b>Concurrency.</b> A stack without locks, which any thread pushes to, and which the loop
 * takes as a whole. A task is under way from the moment that {@link #told} finds none until it
 * takes the stack: what was pushed before a {@code told} is either taken by the task that is under
 * way, since that lowers the flag before it takes, or by one of its own.
 */
final class Returns implements Bulk {

  private final EventExecutor loop;
  private final TurnEnd turnEnd;
  private final Runnable task = this::takeAll;
  private final AtomicReference<@Nullable Returning> top = new AtomicReference<>();
  private final AtomicBoolean underWay = new AtomicBoolean();

  /** Where what a connection reads stands until it is decoded. Of the loop. */
  private final byte[] scratch = new byte[RespLimits.INPUT_BYTES];

  /** The first of the connections that go on in this task. Of the loop. */
  private @Nullable RespConnection first;

  /** Something that returns, once. */
  abstract static class Returning {

    private @Nullable Returning below;

    /** It is back, on the loop. */
    abstract void back();
  }

  Returns(EventExecutor loop) {
    this.loop = loop;
    turnEnd = new TurnEnd(loop);
  }

  boolean isLoop() {
    return loop.inEventLoop();
  }

  byte[] scratch() {
    return scratch;
  }

  /** Takes something on its way; {@link #told} starts that. */
  void push(Returning returning) {
    Returning under;
    do {
      under = top.get();
      returning.below = under;
    } while (!top.compareAndSet(under, returning));
  }

  @Override
  public void told() {
    if (top.get() != null && underWay.compareAndSet(false, true)) {
      try {
        loop.execute(task);
      } catch (RejectedExecutionException e) {
        // The loop has ended, and all its connections with it: nobody waits.
      }
    }
  }

  @Override
  public boolean atEndOfTurn(Runnable task) {
    return loop.inEventLoop() && turnEnd.add(task);
  }

  private void takeAll() {
    underWay.set(false);
    Returning each = top.getAndSet(null);
    while (each != null) {
      Returning next = each.below;
      each.below = null;
      each.back();
      each = next;
    }
    while (first != null) {
      RespConnection connection = first;
      first = connection.nextToGoOn;
      connection.nextToGoOn = null;
      connection.isToGoOn = false;
      try {
        connection.goOn();
      } catch (RuntimeException | Error e) {
        connection.givenUp(e);
      }
    }
  }

  /** A connection of this loop has something back. Called on the loop, by what is back. */
  void goesOn(RespConnection connection) {
    if (!connection.isToGoOn) {
      connection.isToGoOn = true;
      connection.nextToGoOn = first;
      first = connection;
    }
  }
}
