package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that speaks the Redis protocol, as Netty's pipeline has it: the last handler, which
 * takes bytes and writes bytes. {@link RespDoor#handler} makes one for each.
 */
public final class RespHandler extends ChannelInboundHandlerAdapter {

  /** How long a client may take to log in, where it has to. */
  private static final Duration STRANGERS_TIME = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(RespHandler.class);

  private final RespDoor door;
  private @Nullable RespConnection connection;
  private @Nullable Pace pace;

  /** Ends a connection that does not log in. */
  private @Nullable Future<?> strangersEnd;

  RespHandler(RespDoor door) {
    this.door = door;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (context.channel() instanceof DuplexChannel) {
      context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    RespConnection made = door.open(context);
    connection = made;
    pace = new Pace(made, door.limits(), door.meters());
    if (!made.session().isTrusted()) {
      strangersEnd =
          context
              .executor()
              .schedule(
                  () -> closeStranger(context), STRANGERS_TIME.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void closeStranger(ChannelHandlerContext context) {
    if (connection != null && !connection.session().isTrusted()) {
      door.meters().refused("slow-client");
      var _ = context.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof ByteBuf bytes && connection != null && pace != null) {
        pace.received(bytes.readableBytes());
        connection.received(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (connection != null && pace != null) {
      connection.send();
      pace.watch();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (connection == null || pace == null) {
      return;
    }
    if (context.channel().isWritable()) {
      pace.tookAll();
      connection.goOnUnlessAtWork();
    } else {
      pace.watch();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (connection == null) {
      return;
    }
    if (event instanceof ChannelInputShutdownEvent) {
      connection.inputEnded();
    } else if (event == Draining.DRAINING) {
      connection.draining();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end();
  }

  private void end() {
    if (connection != null) {
      door.closed(connection);
      if (strangersEnd != null) {
        strangersEnd.cancel(false);
      }
      connection = null;
      pace = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A decoder's, TLS's that is, wraps it.
    if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException)) {
      LOG.error("a connection failed", cause);
    }
    var _ = context.close();
  }
}
