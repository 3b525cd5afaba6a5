package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicInteger;

/** The first handler of each connection: counts it, and the bytes that pass. Of its event loop. */
final class Connection extends ChannelDuplexHandler {

  private static final AttributeKey<Connection> OF_CHANNEL =
      AttributeKey.valueOf(Connection.class, "connection");

  private final PortMeters meters;
  private final AtomicInteger open;
  private PortMeters.Protocol protocol = PortMeters.Protocol.UNDECIDED;

  /**
   * @param open how many connections there are, this one included; it takes itself off
   */
  Connection(PortMeters meters, AtomicInteger open) {
    this.meters = meters;
    this.open = open;
  }

  static Connection of(ChannelHandlerContext context) {
    return context.channel().attr(OF_CHANNEL).get();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().attr(OF_CHANNEL).set(this);
    meters.opened();
    context
        .channel()
        .closeFuture()
        .addListener(closed -> {
          open.decrementAndGet();
          meters.closed(protocol);
        });
  }

  void speaks(PortMeters.Protocol decided) {
    meters.becomes(protocol, decided);
    protocol = decided;
  }

  /** Closes a connection on the port's own account. */
  static void refuse(ChannelHandlerContext context, PortMeters.Refused why) {
    of(context).meters.refused(why);
    var _ = context.close();
  }

  /** Tells the client that nothing more comes; it is read on. */
  static void endOutput(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null) {
      var _ = tls.closeOutbound();
    } else if (context.channel() instanceof DuplexChannel channel) {
      var _ = channel.shutdownOutput();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      meters.received(bytes.readableBytes());
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      meters.sent(bytes.readableBytes());
    }
    var _ = context.write(message, promise);
  }
}
