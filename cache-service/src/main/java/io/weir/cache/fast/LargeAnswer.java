package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.weir.cache.door.OverloadedException;
import io.weir.cache.fast.PortMeters.Refused;
import io.weir.cache.web.LeastRate;
import io.weir.cache.web.RequestBudget;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A value on its way to a client that may take its time: it goes in steps, each once the kernel has
 * taken the one before, and who takes it more slowly than bodies must come is cut off. Of its event
 * loop.
 */
final class LargeAnswer {

  /** Bytes of a value that is written with the head, into the connection's buffer. */
  static final int SMALL = 16 * 1024;

  private static final int STEP = 64 * 1024;

  private final ChannelHandlerContext context;
  private final byte[] bytes;
  private final RequestBudget.Answer reserved;
  private final Runnable whenSent;
  private final long began = System.nanoTime();
  private long lastTaken = began;
  private int handed;
  private int taken;
  private boolean ended;

  LargeAnswer(
      ChannelHandlerContext context,
      byte[] bytes,
      RequestBudget.Answer reserved,
      Runnable whenSent) {
    this.context = context;
    this.bytes = bytes;
    this.reserved = reserved;
    this.whenSent = whenSent;
  }

  /**
   * Reserves room for a value, and goes on with it, or with why there is none; at once if it can.
   */
  static void withRoom(
      int bytes,
      RequestBudget budget,
      HttpConnection connection,
      Consumer<RequestBudget.Answer> given,
      Consumer<OverloadedException> refused) {
    RequestBudget.Answer room = budget.tryAnswer(bytes);
    if (room != null) {
      given.accept(room);
      return;
    }
    HttpDoor.offLoop(() -> {
      Loop loop = connection.loop();
      try {
        RequestBudget.Answer waited = budget.answer(bytes);
        loop.later(() -> {
          if (connection.isOpen()) {
            connection.resumed(() -> given.accept(waited));
          } else {
            waited.close();
          }
        });
      } catch (OverloadedException e) {
        loop.later(() -> connection.resumed(() -> refused.accept(e)));
      }
      loop.told();
    });
  }

  /** Hands the next step to the channel. */
  void send() {
    int step = Math.min(STEP, bytes.length - handed);
    ByteBuf part = context.alloc().directBuffer(step).writeBytes(bytes, handed, step);
    handed += step;
    context
        .writeAndFlush(part)
        .addListener(written -> {
          if (ended || !written.isSuccess()) {
            return; // The connection is closed, and says so by itself.
          }
          taken += step;
          lastTaken = System.nanoTime();
          if (handed < bytes.length) {
            send();
          } else {
            end();
            whenSent.run();
          }
        });
  }

  /** Cuts off who takes it too slowly. */
  void tick(long now, LeastRate leastRate, Duration silence) {
    if (leastRate.isMissedBy(taken, now - began) || now - lastTaken > silence.toNanos()) {
      Connection.refuse(context, Refused.SLOW);
    }
  }

  /** Gives back what was reserved, however it ends. */
  void end() {
    if (!ended) {
      ended = true;
      reserved.close();
    }
  }
}
