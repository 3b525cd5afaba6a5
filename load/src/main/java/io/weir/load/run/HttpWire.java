package io.weir.load.run;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weir.client.CacheStatus;
import io.weir.client.Doors;
import io.weir.client.transport.ExchangeListener;
import io.weir.client.transport.HttpConnection;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.Transport;
import io.weir.client.transport.TransportException;
import io.weir.load.workload.KeySpace;
import io.weir.model.Headers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A wire that speaks HTTP/1.1, to the fast port or the HTTP port of its server. */
final class HttpWire implements Wire, ExchangeListener {

  private static final AsciiString CACHE_STATUS = AsciiString.cached(Headers.CACHE_STATUS);
  private static final int MAX_RETRY_AFTER_SECONDS = 1;

  /** A wire to the HTTP port of a server with a fast one is not used for longer. */
  private static final long LONGEST_DETOUR_NANOS = Duration.ofSeconds(10).toNanos();

  private final LoadLoop loop;
  private final KeySpace keys;
  private final HttpConnection connection;
  private RequestFactory requests; // With the newest token.
  private final Listener listener;
  private final Doors doors;
  private final @Nullable ServerAddress fast;
  private final boolean detour;
  private final long openedAt = System.nanoTime();
  private boolean hasAnswered;
  private boolean isDelete; // The request in flight is one.
  private boolean isGet; // Likewise.

  /**
   * Opens the wires of a loop: to fast ports that answer, and else to HTTP ports.
   *
   * @param run whose servers they lead to
   */
  record Opener(LoadRun run, LoadLoop loop, Doors doors) implements Wire.Opener {

    @Override
    public void open(ServerAddress server, Listener listener) {
      ServerAddress fast = doors.fastOf(server, run.routing());
      if (fast == null || !doors.isOpen(fast)) {
        connect(server, server, fast, listener);
      } else {
        connect(fast, server, fast, listener);
      }
    }

    private void connect(
        ServerAddress to, ServerAddress server, @Nullable ServerAddress fast, Listener listener) {
      run.transport()
          .connect(
              loop.eventLoop(),
              to,
              new Transport.ConnectListener() {
                @Override
                public void connected(HttpConnection connection) {
                  listener.opened(new HttpWire(run, loop, doors, connection, fast, listener));
                }

                @Override
                public void failed(TransportException cause) {
                  if (to.equals(fast) && doors.failed(to, cause)) {
                    connect(server, server, fast, listener);
                  } else {
                    listener.unopened(ErrorKind.of(cause.reason()));
                  }
                }
              });
    }
  }

  private HttpWire(
      LoadRun run,
      LoadLoop loop,
      Doors doors,
      HttpConnection connection,
      @Nullable ServerAddress fast,
      Listener listener) {
    this.loop = loop;
    this.keys = run.log().keys();
    this.connection = connection;
    this.requests = loop.requestsTo(connection.server());
    this.listener = listener;
    this.doors = doors;
    this.fast = fast;
    this.detour = fast != null && !connection.server().equals(fast);
  }

  @Override
  public boolean isOpen() {
    return connection.isOpen() && !(detour && System.nanoTime() - openedAt > LONGEST_DETOUR_NANOS);
  }

  @Override
  public void get(int key, boolean fromAny) {
    String path = keys.path(key);
    send(fromAny ? requests.getFromAny(path) : requests.get(path), true, false);
  }

  @Override
  public void put(int key, byte[] value, int size) {
    send(requests.put(keys.path(key), value, size), false, false);
  }

  @Override
  public void delete(int key) {
    send(requests.delete(keys.path(key)), false, true);
  }

  private void send(FullHttpRequest request, boolean get, boolean delete) {
    isGet = get;
    isDelete = delete;
    connection.exchange(request, this);
  }

  @Override
  public void answered(int status, HttpHeaders headers, ByteBuf body) {
    if (!hasAnswered) {
      hasAnswered = true;
      tellDoors();
    }
    boolean absent = status == 404 && (isGet || isDelete);
    if (absent || (status >= 200 && status < 300)) {
      listener.done(
          absent, isGet ? CacheStatus.of(headers.get(CACHE_STATUS)) : CacheStatus.UNKNOWN, body);
      return;
    }
    if (status == 401 && hasAnotherToken()) {
      listener.tokenRefused();
      return;
    }
    ErrorKind kind = ErrorKind.of(status);
    listener.refused(
        kind,
        kind == ErrorKind.SERVER_ERROR,
        kind == ErrorKind.UNAVAILABLE ? retryAfter(headers) : 0);
  }

  /** The server has not touched the key. The loop waits while a small file is read. */
  private boolean hasAnotherToken() {
    RequestFactory others = loop.otherRequestsTo(connection.server(), requests);
    if (others == null) {
      return false;
    }
    requests = others;
    return true;
  }

  private void tellDoors() {
    if (fast != null) {
      if (detour) {
        doors.answeredInstead(fast);
      } else {
        doors.answered(fast);
      }
    }
  }

  private static long retryAfter(HttpHeaders headers) {
    int seconds = headers.getInt(HttpHeaderNames.RETRY_AFTER, 0);
    return TimeUnit.SECONDS.toNanos(Math.clamp(seconds, 0, MAX_RETRY_AFTER_SECONDS));
  }

  @Override
  public void failed(Throwable cause, boolean mayHaveArrived) {
    if (cause instanceof TransportException e) {
      if (fast != null && !detour) {
        boolean _ = doors.failed(fast, e);
      }
      listener.unanswered(ErrorKind.of(e.reason()), mayHaveArrived);
    } else {
      listener.unanswered(ErrorKind.CONNECTION_LOST, mayHaveArrived);
    }
  }

  @Override
  public void abort(TransportException cause) {
    connection.abort(cause);
  }

  @Override
  public void close() {
    connection.close();
  }
}
