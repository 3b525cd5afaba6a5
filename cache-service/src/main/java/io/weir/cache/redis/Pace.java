package io.weir.cache.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The pace that a client must keep: who begins a request and does not end it, or lets what is sent
 * to it pile up, is cut off once it has been too slow for a while. Nobody is hurried who does
 * neither.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop. One timer at most, which runs only while
 * there is something to look at.
 */
final class Pace {

  private final RespConnection connection;
  private final RespLimits limits;
  private final RespMeters meters;

  private boolean watching;

  /** As they were when it was looked at last. */
  private long requests;

  private boolean amidst;
  private long receivedBefore;
  private boolean stalled;
  private long takenBefore;

  private long received;

  Pace(RespConnection connection, RespLimits limits, RespMeters meters) {
    this.connection = connection;
    this.limits = limits;
    this.meters = meters;
  }

  void received(int bytes) {
    received += bytes;
  }

  /** Looks whether there is something to watch. To be called at the end of each turn. */
  void watch() {
    if (!watching && (connection.isAmidstRequest() || !connection.channel().isWritable())) {
      watching = true;
      note();
      later();
    }
  }

  /** The client takes what is sent to it again. */
  void tookAll() {
    stalled = false;
  }

  private void later() {
    var _ =
        connection
            .channel()
            .eventLoop()
            .schedule(this::look, limits.grace().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void note() {
    requests = connection.requests();
    amidst = connection.isAmidstRequest();
    receivedBefore = received;
    stalled = !connection.channel().isWritable();
    takenBefore = taken();
  }

  /** Bytes that the client's side has taken. */
  private long taken() {
    ChannelOutboundBuffer waiting = connection.channel().unsafe().outboundBuffer();
    return connection.sentBytes() - (waiting == null ? 0 : waiting.totalPendingWriteBytes());
  }

  private void look() {
    watching = false;
    Channel channel = connection.channel();
    if (!channel.isActive()) {
      return;
    }
    long least = limits.minBytesPerSecond() * limits.grace().toMillis() / 1_000;
    boolean takesNothing = stalled && !channel.isWritable() && taken() - takenBefore < least;
    boolean sendsNothing =
        amidst
            && connection.isAmidstRequest()
            && connection.requests() == requests
            && received - receivedBefore < least;
    if (takesNothing || sendsNothing) {
      meters.refused("slow-client");
      var _ = channel.close();
    } else {
      watch();
    }
  }
}
