package io.weir.client.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.weir.client.transport.TransportException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * The event loops that all connections run on: epoll where its native library loads, else the JDK's
 * selector. The threads are daemons.
 */
public final class Transport implements AutoCloseable {

  private final EventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();
  private final Class<? extends Channel> channelType;

  /** One for all connections: each keeps a listener at every loop until it is closed. */
  private final OffLoopResolver resolver = new OffLoopResolver();

  private final Duration connectTimeout;
  private final int maxBody;
  private final Access access;

  /**
   * Starts the loops.
   *
   * @param name of the threads, followed by a number
   * @param threads number of loops, at least 1
   * @param connectTimeout for the TCP connection, and again for TLS
   * @param maxBody most bytes that the body of an answer may have
   * @param access for https; requests bring their tokens with them
   */
  public Transport(String name, int threads, Duration connectTimeout, int maxBody, Access access) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
    for (int i = 0; i < threads; i++) {
      loops.add(group.next());
    }
    this.connectTimeout = connectTimeout;
    this.maxBody = maxBody;
    this.access = access;
  }

  /** The event loops, for what wants to run inside them. */
  public List<EventLoop> loops() {
    return List.copyOf(loops);
  }

  /** What a connection attempt ends in. Called on the event loop, exactly once. */
  public interface ConnectListener {
    void connected(HttpConnection connection);

    void failed(TransportException cause);
  }

  /** The same for a connection of any protocol. */
  public interface OpenListener {
    void opened(Channel channel);

    void failed(TransportException cause);
  }

  /** Opens a connection on any of the loops. */
  public void connect(ServerAddress server, ConnectListener listener) {
    connect(group.next(), server, listener);
  }

  /** Opens a connection on this loop, unless TLS is in force and the server has none. */
  public void connect(EventLoop loop, ServerAddress server, ConnectListener listener) {
    HttpConnection connection = new HttpConnection(server, maxBody);
    open(
        loop,
        server,
        pipeline -> {
          connection.opened(pipeline.channel());
          pipeline
              .addLast(new HttpClientCodec(new HttpDecoderConfig(), false, false))
              .addLast(connection.handler());
        },
        new OpenListener() {
          @Override
          public void opened(Channel channel) {
            listener.connected(connection);
          }

          @Override
          public void failed(TransportException cause) {
            listener.failed(cause);
          }
        });
  }

  /**
   * Opens a connection of any protocol on this loop, unless TLS is in force and the server has
   * none.
   *
   * @param protocol adds its handlers, behind TLS where the server's address asks for it
   */
  public void open(
      EventLoop loop,
      ServerAddress server,
      Consumer<ChannelPipeline> protocol,
      OpenListener listener) {
    if (!access.allows(server)) {
      loop.execute(() -> listener.failed(inTheClear(server)));
      return;
    }
    ChannelFuture opening =
        new Bootstrap()
            .group(loop)
            .channel(channelType)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    ChannelPipeline pipeline = channel.pipeline();
                    if (server.secure()) {
                      pipeline.addLast(tls(server));
                    }
                    protocol.accept(pipeline);
                  }
                })
            .connect(server.host(), server.port());
    opening.addListener(done -> {
      if (!done.isSuccess()) {
        listener.failed(unreachable(server, done.cause()));
      } else if (server.secure()) {
        opening
            .channel()
            .pipeline()
            .get(SslHandler.class)
            .handshakeFuture()
            .addListener(shaken -> tell(listener, server, opening.channel(), shaken));
      } else {
        listener.opened(opening.channel());
      }
    });
  }

  private SslHandler tls(ServerAddress server) {
    SslHandler handler = new SslHandler(access.engine(server));
    handler.setHandshakeTimeoutMillis(connectTimeout.toMillis());
    return handler;
  }

  private static void tell(
      OpenListener listener, ServerAddress server, Channel channel, Future<?> handshake) {
    if (handshake.isSuccess()) {
      listener.opened(channel);
    } else {
      var _ = channel.close();
      listener.failed(unreachable(server, handshake.cause()));
    }
  }

  private static TransportException unreachable(ServerAddress server, Throwable cause) {
    return new TransportException(
        Reason.UNREACHABLE, false, "cannot connect to " + server + ": " + why(cause), cause);
  }

  private static TransportException inTheClear(ServerAddress server) {
    return new TransportException(
        Reason.UNREACHABLE,
        false,
        "nothing is sent to "
            + server
            + ": TLS is in force here, since a master is https or certificates to trust are given,"
            + " and this address is http");
  }

  private static String why(Throwable cause) {
    return switch (cause) {
      case java.net.UnknownHostException e -> "the name is unknown";
      case io.netty.channel.ConnectTimeoutException e -> "no answer in time";
      case java.net.ConnectException e -> "connection refused";
      case SSLException e -> "no TLS: " + deepest(e).getMessage();
      default -> String.valueOf(cause.getMessage());
    };
  }

  private static Throwable deepest(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest;
  }

  /** Stops the loops; exchanges in flight fail. Does not wait for the threads to end. */
  @Override
  public void close() {
    resolver.close();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
