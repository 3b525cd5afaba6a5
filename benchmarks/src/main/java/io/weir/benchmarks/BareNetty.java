package io.weir.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * The peer of the fast port's HTTP: Netty's own HTTP codec, and a handler that answers every
 * request as Weir answers a GET that hits. It copies 100 bytes from the heap, and it formats the
 * length and the tag of each answer; the date is made once a second, as everybody makes it. What
 * Weir takes longer is what its own way costs.
 *
 * <p>The argument is the port on loopback. One event loop runs for each processor that the process
 * may use.
 */
public final class BareNetty {

  private BareNetty() {}

  /** Serves until the process is ended. */
  public static void main(String[] args) throws InterruptedException {
    Epoll.ensureAvailability();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
    new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new Answer());
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  /** Answers; one for each connection. */
  private static final class Answer extends ChannelInboundHandlerAdapter {

    private static final AsciiString CONTENT_SECURITY_POLICY =
        AsciiString.cached("content-security-policy");
    private static final AsciiString SANDBOX = AsciiString.cached("sandbox");
    private static final AsciiString CONTENT_TYPE_OPTIONS =
        AsciiString.cached("x-content-type-options");
    private static final AsciiString NOSNIFF = AsciiString.cached("nosniff");
    private static final AsciiString RESOURCE_POLICY =
        AsciiString.cached("cross-origin-resource-policy");
    private static final AsciiString SAME_ORIGIN = AsciiString.cached("same-origin");
    private static final AsciiString TOPOLOGY_VERSION = AsciiString.cached("weir-topology-version");
    private static final AsciiString CACHE_STATUS = AsciiString.cached("cache-status");
    private static final AsciiString HIT = AsciiString.cached("weir; hit");
    private static final AsciiString NO_CACHE = AsciiString.cached("no-cache");
    private static final AsciiString VARY = AsciiString.cached("Weir-Consistency, Authorization");
    private static final AsciiString BYTES = AsciiString.cached("application/octet-stream");

    /** Names and values here are the program's own, and need no check. */
    private static final DefaultHttpHeadersFactory HEADERS =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private final byte[] value = new byte[100];
    private long version = 281_475_245_146_113L;

    Answer() {
      Arrays.fill(value, (byte) 'x');
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      try {
        if (message instanceof LastHttpContent) {
          var _ = context.write(answer(context), context.voidPromise());
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }

    private FullHttpResponse answer(ChannelHandlerContext context) {
      ByteBuf body = context.alloc().directBuffer(value.length).writeBytes(value);
      HttpHeaders headers = HEADERS.newHeaders();
      headers.set(HttpHeaderNames.DATE, Dates.now());
      headers.set(CONTENT_SECURITY_POLICY, SANDBOX);
      headers.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
      headers.set(RESOURCE_POLICY, SAME_ORIGIN);
      headers.set(TOPOLOGY_VERSION, "3");
      headers.set(HttpHeaderNames.ETAG, "\"" + version++ + '"');
      headers.set(CACHE_STATUS, HIT);
      headers.set(HttpHeaderNames.CACHE_CONTROL, NO_CACHE);
      headers.set(HttpHeaderNames.VARY, VARY);
      headers.set(HttpHeaderNames.CONTENT_TYPE, BYTES);
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, value.length);
      return new DefaultFullHttpResponse(
          HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body, headers, EmptyHttpHeaders.INSTANCE);
    }
  }

  /** The current date as HTTP writes it. */
  private static final class Dates {

    private static volatile Dates newest = new Dates(System.currentTimeMillis() / 1000);

    private final long second;
    private final AsciiString text;

    private Dates(long second) {
      this.second = second;
      this.text =
          new AsciiString(
              DateTimeFormatter.RFC_1123_DATE_TIME.format(
                  ZonedDateTime.ofInstant(Instant.ofEpochSecond(second), ZoneOffset.UTC)));
    }

    static AsciiString now() {
      long second = System.currentTimeMillis() / 1000;
      Dates dates = newest;
      if (dates.second != second) {
        dates = new Dates(second);
        newest = dates;
      }
      return dates.text;
    }
  }
}
