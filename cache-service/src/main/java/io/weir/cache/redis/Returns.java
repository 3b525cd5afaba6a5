package io.weir.cache.redis;

import io.netty.util.concurrent.EventExecutor;
import io.weir.cache.engine.Bulk;
import io.weir.cache.loop.TurnBuffer;
import io.weir.cache.loop.TurnEnd;
import io.weir.cache.loop.WayBack;
import org.jspecify.annotations.Nullable;

/**
 * What other threads have done for the connections of an event loop, and how it comes back to it.
 *
 * <p><b>Concurrency.</b> As {@link WayBack}; what is of the loop says so.
 */
final class Returns implements Bulk {

  private final EventExecutor loop;
  private final TurnEnd turnEnd;
  private final WayBack wayBack;

  /** Where what a connection reads stands until it is decoded. Of the loop. */
  private final byte[] scratch = new byte[RespLimits.INPUT_BYTES];

  private final TurnBuffer output = new TurnBuffer(2 * RespLimits.OUTPUT_BYTES);

  /** The first of the connections that go on in this task. Of the loop. */
  private @Nullable RespConnection first;

  Returns(EventExecutor loop) {
    this.loop = loop;
    turnEnd = new TurnEnd(loop);
    wayBack = new WayBack(loop, this::goOn);
  }

  boolean isLoop() {
    return loop.inEventLoop();
  }

  byte[] scratch() {
    return scratch;
  }

  /** For the replies of a turn. */
  TurnBuffer output() {
    return output;
  }

  /** Takes something on its way; {@link #told} starts that. */
  void push(WayBack.Returning returning) {
    wayBack.push(returning);
  }

  @Override
  public void told() {
    wayBack.told();
  }

  @Override
  public boolean atEndOfTurn(Runnable task) {
    return loop.inEventLoop() && turnEnd.add(task);
  }

  private void goOn() {
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
