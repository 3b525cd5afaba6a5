package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.cache.fast.PortMeters.Protocol;
import io.weir.cache.fast.PortMeters.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells by what a connection begins with which protocol it speaks, once and for all: {@code *} is
 * the Redis protocol; of a letter the first line decides, which is HTTP when it ends in {@code
 * HTTP/1.x}, and else a command of the Redis protocol's inline form. Anything else is closed.
 */
final class Sniffer extends ByteToMessageDecoder implements Timed {

  /** Bytes of an inline command, its line end included. */
  static final int LONGEST_INLINE = 1024;

  private static final byte[] VERSION = " HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private final Loop loop;
  private final Protocols protocols;
  private final Timeouts timeouts;
  private final long began = System.nanoTime();
  private ChannelHandlerContext context;

  /**
   * What comes after the decision.
   *
   * @param http the handler of a connection of the loop that speaks HTTP
   * @param redis the handler of a connection that speaks the Redis protocol
   */
  record Protocols(Function<Loop, ChannelHandler> http, Supplier<ChannelHandler> redis) {}

  @SuppressWarnings("NullAway.Init") // The context comes with handlerAdded.
  Sniffer(Loop loop, Protocols protocols, Timeouts timeouts) {
    setCumulator((pool, before, more) ->
        MERGE_CUMULATOR.cumulate(pool, before, loop.input().leave(more, pool)));
    this.loop = loop;
    this.protocols = protocols;
    this.timeouts = timeouts;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    loop.add(this);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext removed) {
    loop.remove(this);
  }

  @Override
  public void tick(long now) {
    if (now - began > timeouts.silence().toNanos()) {
      Connection.refuse(context, Refused.SILENT);
    }
  }

  /** Whatever it was about to ask, it asks elsewhere. */
  @Override
  public void drain() {
    var _ = context.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      var _ = context.close();
    } else {
      super.userEventTriggered(context, event);
    }
  }

  /** The connection is broken. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    byte first = in.getByte(in.readerIndex());
    if (first == '*') {
      speakRedis(context);
      return;
    }
    if (!isLetter(first)) {
      refuse(context, in);
      return;
    }
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    int length = (end < 0 ? in.writerIndex() : end + 1) - in.readerIndex();
    if (end < 0) {
      if (length > LONGEST_INLINE) {
        speakHttp(context); // Too long for a command; HTTP has a bound of its own.
      }
    } else if (isHttp(in, end)) {
      speakHttp(context);
    } else if (length <= LONGEST_INLINE) {
      speakRedis(context);
    } else {
      refuse(context, in);
    }
  }

  private static boolean isLetter(byte b) {
    return (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
  }

  /** Whether a line that ends before an index, with CR or without, ends in a version of HTTP/1. */
  private static boolean isHttp(ByteBuf in, int lineFeed) {
    int end = lineFeed;
    if (end > in.readerIndex() && in.getByte(end - 1) == '\r') {
      end--;
    }
    int at = end - VERSION.length - 1;
    if (at < in.readerIndex()) {
      return false;
    }
    for (int i = 0; i < VERSION.length; i++) {
      if (in.getByte(at + i) != VERSION[i]) {
        return false;
      }
    }
    return true;
  }

  private void refuse(ChannelHandlerContext context, ByteBuf in) {
    in.skipBytes(in.readableBytes());
    Connection.refuse(context, Refused.UNKNOWN_PROTOCOL);
  }

  private void speakHttp(ChannelHandlerContext context) {
    Connection.of(context).speaks(Protocol.HTTP);
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(protocols.http().apply(loop));
    pipeline.remove(this); // What has come so far goes on to the next.
  }

  private void speakRedis(ChannelHandlerContext context) {
    Connection.of(context).speaks(Protocol.RESP);
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addLast(new RedisDrain(loop), protocols.redis().get());
    pipeline.remove(this);
  }
}
