package io.weir.cli.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weir.client.Backoff;
import io.weir.client.CacheStatus;
import io.weir.client.RoutingTable;
import io.weir.client.transport.ExchangeListener;
import io.weir.client.transport.HttpConnection;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.Transport;
import io.weir.client.transport.TransportException;
import io.weir.model.Headers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One closed-loop client: it has one operation under way, and begins the next when that has ended.
 *
 * <p><b>Concurrency.</b> Confined to its event loop. It has one connection to each server, opened
 * when first needed, on that same loop.
 *
 * <p><b>Failure.</b> A failed operation is counted and not repeated; the next one begins after a
 * back-off. Nothing ends the loop but the end of the run.
 */
final class LoadClient implements ExchangeListener, Transport.ConnectListener {

  private static final AsciiString CACHE_STATUS = AsciiString.cached(Headers.CACHE_STATUS);
  private static final Duration FIRST_WAIT = Duration.ofMillis(5);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
  private static final int MAX_RETRY_AFTER_SECONDS = 1;

  /** How many keys of its own a client tries before it reads instead of writing. */
  private static final int WRITABLE_TRIES = 16;

  private final int index;
  private final LoadRun run;
  private final LoadPlan plan;
  private final WriteLog log;
  private final LoopRecorder recorder;
  private final EventLoop loop;
  private final SplittableRandom random;
  private final Map<ServerAddress, Link> links = new HashMap<>();
  private final byte[] value;
  private @Nullable Backoff backoff; // Of the failures in a row; null after a success.
  private @Nullable Link link; // The one in use; null between operations.
  private Operation operation = Operation.GET;
  private int key;
  private long startedAt;
  private @Nullable String shown; // With the request in flight.
  private boolean renewed; // The token, in this operation.
  private long askedToWait; // By the last answer, in nanoseconds.
  private boolean ended;

  /** A server and this client's connection to it. */
  private static final class Link {
    final ServerAddress server;
    final RequestFactory requests;
    @Nullable HttpConnection connection;

    Link(ServerAddress server, RequestFactory requests) {
      this.server = server;
      this.requests = requests;
    }
  }

  LoadClient(
      int index, LoadRun run, LoopRecorder recorder, EventLoop loop, SplittableRandom random) {
    this.index = index;
    this.run = run;
    this.plan = run.plan();
    this.log = run.log();
    this.recorder = recorder;
    this.loop = loop;
    this.random = random;
    this.value = new byte[plan.valueSize().toIntExact()];
  }

  /** Begins the next operation, or ends. */
  void next() {
    link = null;
    renewed = false;
    if (run.isStopping()) {
      end();
      return;
    }
    startedAt = System.nanoTime();
    choose();
    RoutingTable table = run.routing();
    ServerAddress server = table == null ? null : table.leaderOf(log.keys().slot(key));
    if (server == null) {
      fail(ErrorKind.NO_OWNER, false);
      return;
    }
    Link to = links.get(server);
    if (to == null) {
      to = new Link(server, new RequestFactory(server, value.length, run.access()));
      links.put(server, to);
    }
    link = to;
    HttpConnection connection = to.connection;
    if (connection != null && connection.isOpen()) {
      send(to, connection);
    } else {
      run.transport().connect(loop, server, this);
    }
  }

  private void choose() {
    int rank = run.ranks().next(random);
    operation = random.nextDouble() < plan.reads() ? Operation.GET : Operation.PUT;
    if (operation == Operation.PUT) {
      int own = ownKeyNear(rank);
      if (own >= 0) {
        key = own;
        long sequence = log.begin(key);
        ValuePattern.encode(value, ValuePattern.hash(log.keys().bytes(key)), sequence);
        return;
      }
      operation = Operation.GET;
    }
    key = run.scramble().at(rank);
  }

  /**
   * Returns the key of this client's share whose popularity is nearest to a rank, or -1 when those
   * tried are not to be written any more. Of each group of as many ranks as there are clients, the
   * i-th rank is the i-th client's, so that a key has one writer.
   */
  private int ownKeyNear(int rank) {
    int own = rank - rank % plan.clients() + index;
    for (int i = 0; i < WRITABLE_TRIES; i++) {
      if (own >= plan.keys()) {
        own = i == 0 ? own - plan.clients() : index;
      }
      int candidate = run.scramble().at(own);
      if (log.isWritable(candidate)) {
        return candidate;
      }
      own += plan.clients();
    }
    return -1;
  }

  private void send(Link to, HttpConnection connection) {
    String path = log.keys().path(key);
    FullHttpRequest request =
        operation == Operation.GET ? to.requests.get(path) : to.requests.put(path, value);
    shown = to.requests.authorization();
    connection.exchange(request, this);
  }

  @Override
  public void connected(HttpConnection connection) {
    Link to = link;
    if (to == null || ended) {
      connection.close();
      return;
    }
    to.connection = connection;
    send(to, connection);
  }

  @Override
  public void failed(TransportException cause) {
    fail(ErrorKind.of(cause.reason()), false);
  }

  @Override
  public void failed(Throwable cause, boolean mayHaveArrived) {
    ErrorKind kind =
        cause instanceof TransportException e
            ? ErrorKind.of(e.reason())
            : ErrorKind.CONNECTION_LOST;
    fail(kind, mayHaveArrived);
  }

  @Override
  public void answered(int status, HttpHeaders headers, ByteBuf body) {
    if (status == 401 && repeatedWithAnotherToken()) {
      return;
    }
    boolean absent = status == 404 && operation == Operation.GET;
    if (!absent && (status < 200 || status >= 300)) {
      ErrorKind kind = ErrorKind.of(status);
      askedToWait = kind == ErrorKind.UNAVAILABLE ? retryAfter(headers) : 0;
      fail(kind, kind == ErrorKind.SERVER_ERROR);
      return;
    }
    recorder.succeeded(operation, System.nanoTime() - startedAt);
    if (operation == Operation.GET) {
      recorder.read(CacheStatus.of(headers.get(CACHE_STATUS)), absent);
    } else {
      log.acknowledge(key);
    }
    backoff = null;
    next();
  }

  /** After the token was refused: sends it again, once, if there is another by now. */
  private boolean repeatedWithAnotherToken() {
    Link to = link;
    if (to == null || renewed || !to.requests.renew(shown)) {
      return false;
    }
    renewed = true;
    HttpConnection connection = to.connection;
    if (connection != null && connection.isOpen()) {
      send(to, connection);
    } else {
      run.transport().connect(loop, to.server, this);
    }
    return true;
  }

  private static long retryAfter(HttpHeaders headers) {
    int seconds = headers.getInt(HttpHeaderNames.RETRY_AFTER, 0);
    return TimeUnit.SECONDS.toNanos(Math.clamp(seconds, 0, MAX_RETRY_AFTER_SECONDS));
  }

  private void fail(ErrorKind kind, boolean mayHaveArrived) {
    recorder.failed(kind);
    if (operation == Operation.PUT) {
      if (mayHaveArrived) {
        log.lose();
      } else {
        log.reject(key);
      }
    }
    if (kind.doubtsTopology()) {
      run.doubtTopology();
    }
    if (backoff == null) {
      backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random::nextLong);
    }
    long wait = Math.max(backoff.nextNanos(), askedToWait);
    askedToWait = 0;
    link = null;
    var _ = loop.schedule(this::next, wait, TimeUnit.NANOSECONDS);
  }

  /** Gives up an exchange that has been under way for too long. */
  void sweep(long now) {
    Link in = link;
    if (in != null
        && in.connection != null
        && now - startedAt > plan.requestTimeout().toNanos()
        && in.connection.isOpen()) {
      in.connection.abort(
          new TransportException(
              TransportException.Reason.TIMEOUT, true, in.server + " did not answer in time"));
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      for (Link each : links.values()) {
        if (each.connection != null) {
          each.connection.close();
        }
      }
      run.clientEnded();
    }
  }
}
