package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.weir.cache.fast.PortMeters.Refused;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1.1: one {@link HttpExchange} at a time. What comes before that is
 * over waits, and nothing more is read meanwhile.
 *
 * <p>All answers of a turn of the loop go into one buffer, and out with one write. An idle
 * connection has none.
 *
 * <p><b>Concurrency.</b> Of its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Timed, Loop.Flushed {

  private static final int FIRST_BYTES = 1024;

  /** Bytes of answers beyond which a client that does not read is not asked for more. */
  private static final int MOST_UNSENT = 64 * 1024;

  /** For a client to read an answer while it is still sending what nobody wants. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Loop loop;
  private final HttpDoor door;
  private final StrictHttpDecoder decoder;
  private final Deque<Object> waiting = new ArrayDeque<>();
  private ChannelHandlerContext context;
  private String remoteAddress;
  private @Nullable HttpExchange current;
  private @Nullable ByteBuf out;
  private boolean isTaking;
  private boolean isDraining;
  private boolean inputEnded;
  private boolean closes;
  private boolean closesUnread;
  private boolean isClosing;
  private long idleSince = System.nanoTime();
  private long closingSince;
  private long unwritableSince;

  @SuppressWarnings("NullAway.Init") // The context comes with handlerAdded.
  HttpConnection(Loop loop, HttpDoor door, StrictHttpDecoder decoder) {
    this.loop = loop;
    this.door = door;
    this.decoder = decoder;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    remoteAddress =
        added.channel().remoteAddress() instanceof InetSocketAddress inet
            ? inet.getAddress().getHostAddress()
            : "";
    loop.add(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.remove(this);
    isClosing = true;
    HttpExchange left = current;
    current = null;
    if (left != null) {
      left.closed();
    }
    dropWaiting();
    if (out != null) {
      out.release();
      out = null;
    }
  }

  private void dropWaiting() {
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isClosing) {
      ReferenceCountUtil.release(message);
    } else if (!waiting.isEmpty() || !take(message)) {
      waiting.add(message);
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush();
  }

  /** Takes a part of a request; false when it must wait, as it is. */
  private boolean take(Object message) {
    isTaking = true;
    try {
      return taken(message);
    } finally {
      isTaking = false;
    }
  }

  private boolean taken(Object message) {
    HttpExchange now = current;
    if (message instanceof HttpRequest request) {
      if (now != null || !context.channel().isWritable()) {
        return false;
      }
      HttpExchange begun = new HttpExchange(this, door, request);
      current = begun;
      begun.begin();
    } else if (now != null && message instanceof HttpContent part) {
      if (!now.takesContent() || !now.content(part)) {
        return false;
      }
    }
    ReferenceCountUtil.release(message);
    if (out != null && out.readableBytes() > MOST_UNSENT) {
      flush();
    }
    closeIfDue();
    return true;
  }

  /** Goes on with what has waited. */
  private void proceed() {
    while (!isClosing && !waiting.isEmpty() && take(waiting.peek())) {
      waiting.poll();
    }
    if (isClosing) {
      dropWaiting();
    } else if (inputEnded && waiting.isEmpty()) {
      nothingMoreComes();
    }
    if (waiting.isEmpty()) {
      read();
    }
  }

  /** All that the client has sent, or ever will, is taken. */
  private void nothingMoreComes() {
    if (current != null) {
      current.inputEnded();
    }
    closes |= current == null;
    closeIfDue();
  }

  /** Reads again, where there can be more to read: the kernel refuses to wait for what is over. */
  private void read() {
    if (!inputEnded && context.channel().isActive()) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Does something that had to wait, and then what has waited for it. */
  void resumed(Runnable action) {
    if (!isClosing) {
      action.run();
      resumed();
    }
  }

  /** Goes on after something that had to wait was done. */
  void resumed() {
    closeIfDue();
    proceed();
    loop.flushLater(this);
  }

  /** The exchange is over, and the next may begin. */
  void over(HttpExchange exchange) {
    if (current == exchange) {
      current = null;
      idleSince = System.nanoTime();
      closes |= isDraining;
    }
  }

  /** Whether the connection goes on after a request, as far as the request says. */
  boolean isKept(HttpRequest request) {
    return !isDraining && !closes && HttpUtil.isKeepAlive(request);
  }

  /**
   * Has the connection closed once what was answered is written.
   *
   * @param unread whether the client may still be sending, and must not lose the answer by that
   */
  void closeAfterAnswers(boolean unread) {
    closes = true;
    closesUnread |= unread;
  }

  private void closeIfDue() {
    if (closes && !isClosing && (current == null || (closesUnread && current.isAnswered()))) {
      isClosing = true;
      closingSince = System.nanoTime();
      ByteBuf last = out == null ? Unpooled.EMPTY_BUFFER : out;
      out = null;
      ChannelFuture written = context.writeAndFlush(last);
      written.addListener(closesUnread ? sent -> endOutput() : ChannelFutureListener.CLOSE);
      if (current != null) {
        current.closed();
        current = null;
      }
      read();
    }
  }

  /** Tells the client that nothing more comes, and reads on for a while. */
  private void endOutput() {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null) {
      var _ = tls.closeOutbound();
    } else if (context.channel() instanceof DuplexChannel channel) {
      var _ = channel.shutdownOutput();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (isClosing || (current == null && waiting.isEmpty())) {
        flush();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      } else if (waiting.isEmpty()) {
        nothingMoreComes();
      }
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    boolean writable = context.channel().isWritable();
    unwritableSince = writable ? 0 : System.nanoTime();
    if (writable && !waiting.isEmpty()) {
      proceed();
      flush();
    }
  }

  /** The connection is broken, by its client or on the way. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }

  @Override
  public void tick(long now) {
    Timeouts timeouts = door.timeouts();
    if (isClosing) {
      if (now - closingSince > LINGER.toNanos()) {
        var _ = context.close();
      }
    } else if (unwritableSince != 0 && now - unwritableSince > timeouts.silence().toNanos()) {
      Connection.refuse(context, Refused.SLOW);
    } else if (current != null) {
      current.tick(now);
      closeIfDue();
      flush();
    } else if (decoder.headBegan() != 0) {
      if (now - decoder.headBegan() > timeouts.silence().toNanos()) {
        Connection.refuse(context, Refused.SILENT);
      }
    } else if (waiting.isEmpty() && now - idleSince > timeouts.keepAlive().toNanos()) {
      var _ = context.close();
    }
  }

  @Override
  public void drain() {
    isDraining = true;
    if (current == null && waiting.isEmpty() && decoder.headBegan() == 0) {
      flush(); // What is on its way is the client's.
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /** The buffer of this turn's answers. */
  ByteBuf out() {
    ByteBuf now = out;
    if (now == null) {
      now = context.alloc().directBuffer(FIRST_BYTES);
      out = now;
    }
    return now;
  }

  @Override
  public void flush() {
    ByteBuf now = out;
    if (now != null) {
      out = null;
      var _ = context.writeAndFlush(now, context.voidPromise());
    }
  }

  /** Whether this thread is taking a part of a request, so that what it does is seen to. */
  boolean isTaking() {
    return context.executor().inEventLoop() && isTaking;
  }

  boolean isOpen() {
    return !isClosing;
  }

  Loop loop() {
    return loop;
  }

  ChannelHandlerContext context() {
    return context;
  }

  String remoteAddress() {
    return remoteAddress;
  }
}
