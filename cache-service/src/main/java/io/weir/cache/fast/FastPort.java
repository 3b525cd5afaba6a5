package io.weir.cache.fast;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.weir.cache.fast.PortMeters.Refused;
import io.weir.web.StartupRefusedException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The fast port: accepts connections and spreads them over event loops, as many as there are cores.
 *
 * <p><b>Life.</b> It opens once the HTTP port is open, and stops beside that: it takes no further
 * connection, closes those that are owed no answer, and the others once they have theirs; what is
 * left when the phase's time is over is cut off by {@link #stop()} in a phase of its own, once all
 * that answer requests are over, and before the shard's own tasks end.
 *
 * <p><b>Concurrency.</b> A connection is of one loop from beginning to end. How many there are is
 * counted when one is accepted, and taken off when its channel has closed.
 */
public final class FastPort implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(FastPort.class);

  /** Connections that the kernel keeps until they are accepted. */
  private static final int BACKLOG = 1024;

  /**
   * Bytes of answers on their way in the kernel, which takes twice as much; by itself it would take
   * megabytes, and who is slow would be given up on late.
   */
  private static final int SEND_BUFFER = 64 << 10;

  private final InetSocketAddress listen;
  private final @Nullable PortTls tls;
  private final Sniffer.Protocols protocols;
  private final Timeouts timeouts;
  private final int maxConnections;
  private final PortMeters meters;
  private final MeterRegistry registry;
  private final AtomicInteger open = new AtomicInteger();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final IdentityHashMap<EventLoop, Loop> loops = new IdentityHashMap<>();
  private @Nullable EventLoopGroup group;
  private volatile @Nullable Channel server;

  FastPort(
      InetSocketAddress listen,
      @Nullable PortTls tls,
      Sniffer.Protocols protocols,
      Timeouts timeouts,
      int maxConnections,
      PortMeters meters,
      MeterRegistry registry) {
    this.listen = listen;
    this.tls = tls;
    this.protocols = protocols;
    this.timeouts = timeouts;
    this.maxConnections = maxConnections;
    this.meters = meters;
    this.registry = registry;
  }

  @Override
  public void start() {
    if (!PlatformDependent.hasUnsafe()) {
      LOG.warn(
          "the fast port runs without direct access to memory, which makes it slower: start the JVM"
              + " with --sun-misc-unsafe-memory-access=allow");
    }
    LeakDetection.offUnlessAsked();
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    EventLoopGroup started =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(), loopThreads(), io);
    group = started;
    for (EventExecutor each : started) {
      EventLoop loop = (EventLoop) each;
      loops.put(loop, new Loop(loop, InstantSource.system()));
    }
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(started)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accepted(channel);
                  }
                });
    try {
      server = bootstrap.bind(listen).syncUninterruptibly().channel();
    } catch (Exception e) { // Netty throws the cause itself, whatever it is declared as.
      close();
      throw refused(e);
    }
    meters.bind(registry, started);
    LOG.info("the fast port is {}", port());
  }

  /**
   * Threads of Netty's own kind. It finds what belongs to a thread in an array there, and in any
   * other by a hash; and only there it uses buffers and entries of its queues again.
   */
  private static ThreadFactory loopThreads() {
    AtomicInteger made = new AtomicInteger();
    return loop -> {
      Thread thread = new FastThreadLocalThread(loop, "weir-fast-" + made.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  private StartupRefusedException refused(Exception e) {
    return new StartupRefusedException(
        "weir.fast.port is "
            + listen.getPort()
            + ", which cannot be opened at "
            + listen.getAddress().getHostAddress()
            + ": "
            + e.getMessage()
            + "; set another one, or weir.fast.enabled=false",
        e);
  }

  private void accepted(SocketChannel channel) {
    if (open.incrementAndGet() > maxConnections) {
      open.decrementAndGet();
      meters.refused(Refused.FULL);
      var _ = channel.close();
      return;
    }
    connections.add(channel);
    Loop loop = Objects.requireNonNull(loops.get(channel.eventLoop()));
    channel.pipeline().addLast(new Connection(meters, open));
    if (tls == null) {
      channel.config().setRecvByteBufAllocator(loop.reads());
    } else { // Its handler keeps what it has, until a record is whole.
      channel.pipeline().addLast(tls.handler(), new TlsFailures());
    }
    channel.pipeline().addLast(new Sniffer(loop, protocols, timeouts));
  }

  /** The event loops, and what each shares. Not changed once it has started. */
  Map<EventLoop, Loop> loops() {
    return loops;
  }

  /** The port that is bound; 0 while none is. */
  public int boundPort() {
    return server == null ? 0 : port();
  }

  /** Whether it takes TLS alone. */
  public boolean isEncrypted() {
    return tls != null;
  }

  /** The port that it has; that of the settings, unless they leave it open. */
  public int port() {
    Channel bound = server;
    return bound == null ? listen.getPort() : ((InetSocketAddress) bound.localAddress()).getPort();
  }

  @Override
  public void stop(Runnable callback) {
    Channel bound = server;
    if (bound == null) {
      callback.run();
      return;
    }
    server = null;
    bound
        .close()
        .addListener(closed -> {
          loops.forEach((loop, its) -> loop.execute(its::drain));
          connections.newCloseFuture().addListener(all -> callback.run());
        });
  }

  @Override
  public void stop() {
    close();
  }

  /** Cuts off what is left, and ends the loops. */
  private void close() {
    Channel bound = server;
    server = null;
    if (bound != null) {
      var _ = bound.close().syncUninterruptibly();
    }
    var _ = connections.close().awaitUninterruptibly();
    if (group != null) {
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  @Override
  public boolean isRunning() {
    return server != null;
  }

  /** That in which Tomcat answers its last requests. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
  }
}
