package io.weir.cache.fast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weir.cache.fast.PortMeters.Refused;

/** Closes a connection whose TLS does not come about. */
final class TlsFailures extends ChannelInboundHandlerAdapter {

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        context.pipeline().remove(this);
      } else {
        Connection.refuse(context, Refused.TLS);
      }
    }
    context.fireUserEventTriggered(event);
  }

  /** The event tells it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
}
