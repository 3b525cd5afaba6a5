package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.weir.cache.fast.PortMeters.Refused;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that speaks HTTP/1.1: one {@link HttpExchange} at a time. What comes before that is
 * over waits as it is, and nothing more is read meanwhile.
 *
 * <p>All answers of a turn of the loop go into one buffer, and out with one write. An idle
 * connection has none.
 *
 * <p><b>Concurrency.</b> Of its event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Timed, Loop.Flushed {

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private static final int FIRST_BYTES = 1024;

  /** Bytes of answers beyond which a client that does not read is not asked for more. */
  private static final int MOST_UNSENT = 64 * 1024;

  /** For a client to read an answer while it is still sending what nobody wants. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Loop loop;
  private final HttpDoor door;
  private final RequestReader reader;
  private ChannelHandlerContext context;
  private String remoteAddress;
  private @Nullable HttpExchange current;

  private final Arrived in = new Arrived();

  /** Whether what has come has to wait for something else than what is still to come. */
  private boolean waits;

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
  HttpConnection(Loop loop, HttpDoor door) {
    this.loop = loop;
    this.door = door;
    this.reader = new RequestReader(loop.scratch());
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
    in.release();
    if (out != null) {
      out.release();
      out = null;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (isClosing || (isDraining && current == null && in.isEmpty())) {
      bytes.release(); // Nothing more is taken.
      return;
    }
    in.add(bytes, context.alloc());
    takeAll();
    if (waits) {
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    flush();
  }

  /** What has become of an attempt to go on with what has come. */
  private enum Step {
    TAKEN,
    MUST_COME,
    MUST_WAIT
  }

  /** Takes what can be taken of that which has come. */
  private void takeAll() {
    if (isTaking) {
      return; // It goes on after what it is at.
    }
    isTaking = true;
    Step last = Step.TAKEN;
    try {
      while (last == Step.TAKEN && !isClosing) {
        last = take();
        if (out != null && out.readableBytes() > MOST_UNSENT) {
          flush();
        }
        closeIfDue();
      }
    } finally {
      isTaking = false;
    }
    if (isClosing || in.isEmpty()) {
      in.release();
    } else {
      in.leave(loop.input(), context.alloc());
    }
    waits = !in.isEmpty() && last == Step.MUST_WAIT;
  }

  private Step take() {
    HttpExchange now = current;
    if (now != null && (!reader.isInBody() || !now.takesContent())) {
      return Step.MUST_WAIT;
    }
    try {
      if (now != null) {
        return takeBody(now, in.bytes());
      }
      return context.channel().isWritable() ? takeHead(in.bytes()) : Step.MUST_WAIT;
    } catch (HttpHead.RefusedException e) {
      refuse(e);
      return Step.TAKEN;
    }
  }

  private void refuse(HttpHead.RefusedException why) {
    current = current == null ? new HttpExchange(this, door) : current;
    current.refuse(why);
  }

  private Step takeHead(ByteBuf bytes) throws HttpHead.RefusedException {
    RawHead raw = bytes.isReadable() ? reader.head(bytes) : null;
    if (raw == null) {
      return Step.MUST_COME;
    }
    HttpHead head = HttpHead.of(raw, remoteAddress);
    if (head.hasBody()) {
      reader.expectBody(head);
    }
    HttpExchange begun = new HttpExchange(this, door);
    current = begun;
    begun.begin(head);
    return Step.TAKEN;
  }

  private Step takeBody(HttpExchange now, ByteBuf bytes) throws HttpHead.RefusedException {
    int part = reader.part(bytes);
    if (part > 0) {
      if (!now.content(bytes, part)) {
        return Step.MUST_WAIT;
      }
      reader.took(part);
    }
    if (reader.tookEnd()) {
      now.bodyEnds();
      return Step.TAKEN;
    }
    return part > 0 ? Step.TAKEN : Step.MUST_COME;
  }

  /** Goes on with what has waited. */
  private void proceed() {
    takeAll();
    if (!isClosing && inputEnded && !waits) {
      nothingMoreComes();
    }
    if (!waits) {
      read();
    }
  }

  /** All that the client has sent, or ever will, is taken. */
  private void nothingMoreComes() {
    if (current != null) {
      current.inputEnded();
    } else if (!in.isEmpty()) {
      refuse(HttpHead.notHttp("The request ends in the middle of its head."));
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

  /**
   * Does something that had to wait, and then what has waited for it. Where that fails the
   * connection is over, and no other one.
   */
  void resumed(Runnable action) {
    if (isClosing) {
      return;
    }
    try {
      action.run();
      goOn();
    } catch (RuntimeException | Error e) {
      LOG.error("an answer failed, and its connection is closed", e);
      cutOff();
    }
  }

  private void goOn() {
    closeIfDue();
    proceed();
    if (in.isEmpty()) {
      flush(); // Nothing else is answered before more comes.
    } else {
      loop.flushLater(this);
    }
  }

  /** The exchange is over, and the next may begin. */
  void over(HttpExchange exchange, long now) {
    if (current == exchange) {
      current = null;
      idleSince = now;
      closes |= isDraining;
    }
  }

  /** Whether the connection goes on after a request that would have it go on. */
  boolean goesOn() {
    return !isDraining && !closes;
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

  /** Ends the connection where nothing more can be said. */
  void cutOff() {
    beginToClose();
    var _ = context.close();
  }

  /** What is on its way is the client's. */
  private void onceSent(ChannelFutureListener then) {
    flush();
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(then);
  }

  private void beginToClose() {
    isClosing = true;
    closingSince = System.nanoTime();
  }

  private void closeIfDue() {
    if (closes && !isClosing && (current == null || (closesUnread && current.isAnswered()))) {
      beginToClose();
      boolean lingers = closesUnread && !inputEnded;
      onceSent(lingers ? sent -> Connection.endOutput(context) : ChannelFutureListener.CLOSE);
      if (current != null) {
        current.closed();
        current = null;
      }
      read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (isClosing || (current == null && in.isEmpty())) {
        onceSent(ChannelFutureListener.CLOSE);
      } else if (!waits) {
        nothingMoreComes();
      }
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    boolean writable = context.channel().isWritable();
    unwritableSince = writable ? 0 : System.nanoTime();
    if (writable && waits) {
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
    } else if (reader.headBegan() != 0) {
      if (now - reader.headBegan() > timeouts.silence().toNanos()) {
        Connection.refuse(context, Refused.SILENT);
      }
    } else if (!waits && now - idleSince > timeouts.keepAlive().toNanos()) {
      var _ = context.close();
    }
  }

  @Override
  public void drain() {
    isDraining = true;
    if (current == null && !waits && reader.headBegan() == 0) {
      onceSent(ChannelFutureListener.CLOSE);
    }
  }

  /** The buffer of this turn's answers. */
  ByteBuf out() {
    ByteBuf now = out;
    if (now == null) {
      now = loop.output().take(context.alloc(), FIRST_BYTES);
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
}
