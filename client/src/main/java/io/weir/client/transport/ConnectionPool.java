package io.weir.client.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.client.transport.TransportException.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server, for callers that wait.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads, platform or virtual; never to be called
 * from an event loop, which would wait for itself. A permit is held for as long as a connection is
 * in use, so there are never more connections than permits. The connection used last is used next,
 * so that those not needed grow old and are closed.
 */
public final class ConnectionPool implements AutoCloseable {

  /**
   * The least time that a request is sent with: several times what a healthy server needs. Sent
   * with less, most requests would time out, and nobody would know whether they were carried out.
   */
  private static final Duration LEAST_TIME = Duration.ofMillis(10);

  private final Transport transport;
  private final ServerAddress server;
  private final Semaphore permits;
  private final long idleNanos;
  private final LongSupplier nanoClock;
  private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  private record Idle(HttpConnection connection, long sinceNanos) {}

  /**
   * @param maxConnections most connections at a time
   * @param idleTimeout a connection unused for longer is not used again; shorter than the server's
   *     own limit, so that a request seldom meets a connection that is just being closed
   */
  public ConnectionPool(
      Transport transport, ServerAddress server, int maxConnections, Duration idleTimeout) {
    this(transport, server, maxConnections, idleTimeout, System::nanoTime);
  }

  ConnectionPool(
      Transport transport,
      ServerAddress server,
      int maxConnections,
      Duration idleTimeout,
      LongSupplier nanoClock) {
    this.transport = transport;
    this.server = server;
    this.permits = new Semaphore(maxConnections);
    this.idleNanos = idleTimeout.toNanos();
    this.nanoClock = nanoClock;
  }

  /**
   * The least that must be left of a time in which a request is to be answered, for it to be sent:
   * 10 ms, or half of a time that is shorter than 20 ms.
   */
  public static Duration leastTime(Duration whole) {
    Duration half = whole.dividedBy(2);
    return half.compareTo(LEAST_TIME) < 0 ? half : LEAST_TIME;
  }

  /**
   * Sends a request, which is released, and waits for the answer.
   *
   * @param timeout for all of it: a free connection, connecting, and the answer
   * @throws TransportException when there is no answer; it says whether the request may have
   *     arrived. It is not sent when less than {@link #leastTime} is left once there is a
   *     connection
   */
  public Response exchange(FullHttpRequest request, Duration timeout) throws TransportException {
    long deadline = nanoClock.getAsLong() + timeout.toNanos();
    boolean handedOver = false;
    boolean permitted = false;
    try {
      permitted = permits.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (!permitted) {
        throw new TransportException(
            Reason.POOL_EXHAUSTED,
            false,
            "all connections to " + server + " stayed busy for " + timeout.toMillis() + " ms");
      }
      HttpConnection connection = idleConnection();
      if (connection == null) {
        connection = connect(deadline);
      }
      if (deadline - nanoClock.getAsLong() < leastTime(timeout).toNanos()) {
        keep(connection);
        throw new TransportException(
            Reason.TIMEOUT,
            false,
            "a connection to " + server + " was free too late to send anything by it");
      }
      handedOver = true;
      Response response = send(connection, request, deadline);
      keep(connection);
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(
          Reason.CANCELLED, handedOver, "interrupted while waiting for " + server, e);
    } finally {
      if (permitted) {
        permits.release();
      }
      if (!handedOver) {
        request.release();
      }
    }
  }

  private @Nullable HttpConnection idleConnection() {
    long now = nanoClock.getAsLong();
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      if (next.connection.isOpen() && now - next.sinceNanos < idleNanos) {
        return next.connection;
      }
      next.connection.close();
    }
    return null;
  }

  private void keep(HttpConnection connection) {
    if (!connection.isOpen()) {
      return;
    }
    idle.addFirst(new Idle(connection, nanoClock.getAsLong()));
    Idle oldest = idle.peekLast();
    if (oldest != null
        && nanoClock.getAsLong() - oldest.sinceNanos >= idleNanos
        && idle.removeLastOccurrence(oldest)) {
      oldest.connection.close();
    }
    if (closed) {
      close();
    }
  }

  private HttpConnection connect(long deadline) throws TransportException, InterruptedException {
    CompletableFuture<HttpConnection> opening = new CompletableFuture<>();
    transport.connect(
        server,
        new Transport.ConnectListener() {
          @Override
          public void connected(HttpConnection connection) {
            if (!opening.complete(connection)) {
              connection.close();
            }
          }

          @Override
          public void failed(TransportException cause) {
            opening.completeExceptionally(cause);
          }
        });
    try {
      return await(opening, deadline);
    } catch (TimeoutException e) {
      if (opening.cancel(false) || opening.isCompletedExceptionally()) {
        throw new TransportException(
            Reason.UNREACHABLE, false, "cannot connect to " + server + ": no answer in time", e);
      }
      return opening.join();
    } catch (InterruptedException e) {
      opening.cancel(false);
      throw e;
    }
  }

  private Response send(HttpConnection connection, FullHttpRequest request, long deadline)
      throws TransportException, InterruptedException {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    try {
      connection.loop().execute(() -> connection.exchange(request, new AnswerListener(answer)));
    } catch (RejectedExecutionException e) {
      request.release();
      throw new TransportException(Reason.CANCELLED, false, "the client is closed", e);
    }
    try {
      return await(answer, deadline);
    } catch (TimeoutException e) {
      connection.close();
      throw new TransportException(
          Reason.TIMEOUT, true, connection.server() + " did not answer in time", e);
    } catch (InterruptedException e) {
      connection.close();
      throw e;
    }
  }

  private <T> T await(CompletableFuture<T> future, long deadline)
      throws TransportException, InterruptedException, TimeoutException {
    try {
      return future.get(Math.max(0, deadline - nanoClock.getAsLong()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransportException cause) {
        throw new TransportException(
            cause.reason(), cause.mayHaveArrived(), String.valueOf(cause.getMessage()), cause);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Closes the idle connections; one in use is closed when it is given back. */
  @Override
  public void close() {
    closed = true;
    for (Idle next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      next.connection.close();
    }
  }

  private record AnswerListener(CompletableFuture<Response> answer) implements ExchangeListener {

    @Override
    public void answered(int status, HttpHeaders headers, ByteBuf body) {
      answer.complete(new Response(status, headers, ByteBufUtil.getBytes(body)));
    }

    @Override
    public void failed(Throwable cause, boolean mayHaveArrived) {
      answer.completeExceptionally(cause);
    }
  }
}
