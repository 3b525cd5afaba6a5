package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that speaks the Redis protocol, as Netty's pipeline has it: the last handler, which
 * takes bytes and writes bytes. {@link RespDoor#handler} makes one for each.
 */
public final class RespHandler extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(RespHandler.class);

  private final RespDoor door;
  private @Nullable RespConnection connection;
  private @Nullable Pace pace;

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
    if (connection != null && pace != null && context.channel().isWritable()) {
      pace.tookAll();
      connection.goOnUnlessAtWork();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    boolean over = event instanceof ChannelInputShutdownEvent || event == Draining.DRAINING;
    if (over && connection != null) {
      connection.inputEnded();
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
      connection = null;
      pace = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("a connection failed", cause);
    }
    var _ = context.close();
  }
}
