package io.weir.cache.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The end of a connection whose last reply the client is to see. To close a socket that has unread
 * input resets it, and what was sent last is lost with that: so only the output is ended, and what
 * still comes is read and thrown away, for a moment.
 */
final class Lingering {

  private static final Duration FOR_REPLIES = Duration.ofSeconds(1);

  private Lingering() {}

  /**
   * Closes once all is sent. What comes meanwhile must be thrown away.
   *
   * @param most how long that may take
   */
  static void close(ChannelHandlerContext context, Duration most) {
    Channel channel = context.channel();
    channel.config().setAutoRead(true);
    boolean halfCloses =
        channel instanceof DuplexChannel duplex
            && !duplex.isInputShutdown()
            && context.pipeline().get(SslHandler.class) == null;
    closeLater(channel, most);
    context
        .writeAndFlush(context.alloc().buffer(0))
        .addListener(sent -> {
          if (!halfCloses || !sent.isSuccess()) {
            var _ = channel.close();
            return;
          }
          ((DuplexChannel) channel)
              .shutdownOutput()
              .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
          closeLater(channel, FOR_REPLIES);
        });
  }

  private static void closeLater(Channel channel, Duration delay) {
    Runnable close =
        () -> {
          var _ = channel.close();
        };
    Future<?> timer = channel.eventLoop().schedule(close, delay.toNanos(), TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }
}
