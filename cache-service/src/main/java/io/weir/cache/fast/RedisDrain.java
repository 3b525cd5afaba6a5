package io.weir.cache.fast;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.cache.redis.Draining;

/** Tells a connection that speaks the Redis protocol that the server stops. Of its event loop. */
final class RedisDrain extends ChannelInboundHandlerAdapter implements Timed {

  private final Loop loop;
  private ChannelHandlerContext context;

  @SuppressWarnings("NullAway.Init") // The context comes with handlerAdded.
  RedisDrain(Loop loop) {
    this.loop = loop;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    loop.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    loop.remove(this);
  }

  /** The protocol has time-outs of its own. */
  @Override
  public void tick(long now) {}

  @Override
  public void drain() {
    context.fireUserEventTriggered(Draining.DRAINING);
  }
}
