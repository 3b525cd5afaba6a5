package io.weir.client.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.weir.client.transport.TransportException.Reason;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection to a server, with at most one exchange in flight.
 *
 * <p><b>Concurrency.</b> Confined to its event loop, {@link #isOpen} and {@link #close} excepted.
 *
 * <p><b>Failure.</b> Any failure closes the connection. An exchange that began on an open
 * connection counts as one that may have arrived.
 */
public final class HttpConnection {

  private final ServerAddress server;
  private final int maxBody;
  private final Exchanges handler = new Exchanges();
  private @Nullable Channel channel;

  HttpConnection(ServerAddress server, int maxBody) {
    this.server = server;
    this.maxBody = maxBody;
  }

  /** The last handler of the connection's pipeline. */
  ChannelInboundHandlerAdapter handler() {
    return handler;
  }

  void opened(Channel opened) {
    channel = opened;
  }

  public ServerAddress server() {
    return server;
  }

  /** The thread that alone may call {@link #exchange}. */
  public EventLoop loop() {
    return channel().eventLoop();
  }

  /** Tells whether the server is still connected, as far as this side knows. */
  public boolean isOpen() {
    return channel().isActive();
  }

  /** Closes the connection; an exchange in flight fails. */
  public void close() {
    var _ = channel().close();
  }

  /**
   * Sends a request, which is released, and hands the answer to the listener.
   *
   * @throws IllegalStateException when another exchange is in flight
   */
  public void exchange(FullHttpRequest request, ExchangeListener listener) {
    handler.begin(channel(), request, listener);
  }

  /** Closes the connection, and fails the exchange in flight with this cause. */
  public void abort(TransportException cause) {
    handler.fail(cause);
    close();
  }

  private Channel channel() {
    return Objects.requireNonNull(channel, "used before it was open");
  }

  /** Puts the parts of an answer together. */
  private final class Exchanges extends ChannelInboundHandlerAdapter {

    private @Nullable ExchangeListener waiting;
    private @Nullable HttpResponse head;
    private @Nullable ByteBuf collected; // The parts so far of a body that comes in several.

    void begin(Channel to, FullHttpRequest request, ExchangeListener listener) {
      if (waiting != null) {
        request.release();
        throw new IllegalStateException("an exchange with " + server + " is in flight already");
      }
      if (!to.isActive()) {
        request.release();
        listener.failed(
            new TransportException(
                Reason.CONNECTION_LOST, false, server + " had closed the connection"),
            false);
        return;
      }
      waiting = listener;
      var _ = to.writeAndFlush(request, to.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        DecoderResult decoded = ((HttpObject) message).decoderResult();
        if (decoded.isFailure()) {
          fail(malformed("what is no HTTP/1.1 answer", decoded.cause()));
          close();
          return;
        }
        if (message instanceof HttpResponse response) {
          head = response;
        }
        if (message instanceof HttpContent content) {
          read(context.alloc(), content);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void read(ByteBufAllocator allocator, HttpContent content) {
      ByteBuf part = content.content();
      ByteBuf before = collected;
      int length = before == null ? 0 : before.readableBytes();
      if ((long) length + part.readableBytes() > maxBody) {
        fail(malformed("more than " + maxBody + " bytes", null));
        close();
      } else if (before == null && content instanceof LastHttpContent) {
        complete(part);
      } else {
        ByteBuf all = before == null ? allocator.heapBuffer(part.readableBytes()) : before;
        collected = all.writeBytes(part);
        if (content instanceof LastHttpContent) {
          complete(all);
        }
      }
    }

    private void complete(ByteBuf body) {
      HttpResponse response = head;
      if (response != null && isInterim(response)) {
        head = null;
        return;
      }
      ExchangeListener listener = waiting;
      ByteBuf owned = collected;
      waiting = null;
      head = null;
      collected = null;
      try {
        if (response == null || listener == null) {
          // Nobody asked: the two sides no longer agree on where a message starts.
          close();
          return;
        }
        if (response.status().code() == 101 || !HttpUtil.isKeepAlive(response)) {
          close();
        }
        listener.answered(response.status().code(), response.headers(), body);
      } finally {
        if (owned != null) {
          owned.release();
        }
      }
    }

    /** A 1xx goes before the answer; 101 alone ends the exchange, and HTTP with it. */
    private static boolean isInterim(HttpResponse response) {
      int status = response.status().code();
      return status < 200 && status != 101;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      fail(
          new TransportException(
              Reason.CONNECTION_LOST, true, server + " closed the connection without an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause.getCause() instanceof SSLHandshakeException refused) {
        // In TLS 1.3 a client hears only now that its certificate will not do, and a server reads
        // nothing before it has agreed.
        fail(
            new TransportException(
                Reason.UNREACHABLE,
                false,
                server + " does not take this client's certificate: " + refused.getMessage(),
                refused));
        close();
        return;
      }
      fail(
          new TransportException(
              Reason.CONNECTION_LOST,
              true,
              "the connection to " + server + " broke: " + cause.getMessage(),
              cause));
      close();
    }

    void fail(TransportException cause) {
      ExchangeListener listener = waiting;
      waiting = null;
      head = null;
      if (collected != null) {
        collected.release();
        collected = null;
      }
      if (listener != null) {
        listener.failed(cause, cause.mayHaveArrived());
      }
    }

    private TransportException malformed(String what, @Nullable Throwable cause) {
      String message = server + " answered " + what;
      return cause == null
          ? new TransportException(Reason.MALFORMED, true, message)
          : new TransportException(Reason.MALFORMED, true, message, cause);
    }
  }
}
