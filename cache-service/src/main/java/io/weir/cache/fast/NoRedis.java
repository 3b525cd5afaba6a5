package io.weir.cache.fast;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** Tells a client that the Redis protocol is not spoken here, and closes the connection. */
final class NoRedis extends ChannelInboundHandlerAdapter {

  private static final byte[] ERROR =
      "-ERR this port does not speak the Redis protocol\r\n".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    context.writeAndFlush(Unpooled.wrappedBuffer(ERROR)).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }
}
