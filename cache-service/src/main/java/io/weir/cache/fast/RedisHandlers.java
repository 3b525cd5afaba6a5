package io.weir.cache.fast;

import io.netty.channel.ChannelHandler;
import java.util.function.Supplier;

/** Gives each connection that speaks the Redis protocol its handler. */
@FunctionalInterface
public interface RedisHandlers extends Supplier<ChannelHandler> {}
