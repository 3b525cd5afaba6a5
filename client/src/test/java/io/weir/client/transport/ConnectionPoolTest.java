package io.weir.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionPoolTest {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final long TOO_LATE = TIMEOUT.minusMillis(10).toNanos() + 1;

  /** The ports from which requests came. */
  private final List<Integer> callers = new CopyOnWriteArrayList<>();

  private final HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
  private final Transport transport = new Transport("test", 1, TIMEOUT, 1 << 20, Access.OPEN);

  /** How often the clock is read in time; every reading after these is too late. */
  private final AtomicInteger timely = new AtomicInteger(Integer.MAX_VALUE);

  private final ConnectionPool pool;

  ConnectionPoolTest() throws IOException {
    server.createContext(
        "/",
        exchange -> {
          callers.add(exchange.getRemoteAddress().getPort());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    pool =
        new ConnectionPool(
            transport,
            new ServerAddress(false, "127.0.0.1", server.getAddress().getPort(), ""),
            1,
            TIMEOUT,
            () -> timely.getAndDecrement() > 0 ? 0 : TOO_LATE);
  }

  @AfterEach
  void close() {
    pool.close();
    transport.close();
    server.stop(0);
  }

  @Test
  void aRequestWhoseConnectionIsFreeTooLateIsNotSentAndLeavesItToTheNext() throws Exception {
    assertThat(pool.exchange(request(), TIMEOUT).status()).isEqualTo(204);
    timely.set(1); // The deadline is set in time.
    FullHttpRequest late = request();
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> pool.exchange(late, TIMEOUT))
        .satisfies(failure -> {
          assertThat(failure.reason()).isEqualTo(TransportException.Reason.TIMEOUT);
          assertThat(failure.mayHaveArrived()).isFalse();
        });
    assertThat(late.refCnt()).as("references to what was not sent").isZero();
    assertThat(callers).hasSize(1);

    timely.set(Integer.MAX_VALUE);
    assertThat(pool.exchange(request(), TIMEOUT).status()).isEqualTo(204);
    assertThat(callers).hasSize(2);
    assertThat(callers.getLast()).isEqualTo(callers.getFirst());
  }

  @Test
  void theLeastTimeIsTenMillisecondsOrHalfOfAShortOne() {
    assertThat(ConnectionPool.leastTime(Duration.ofSeconds(10))).isEqualTo(Duration.ofMillis(10));
    assertThat(ConnectionPool.leastTime(Duration.ofMillis(20))).isEqualTo(Duration.ofMillis(10));
    assertThat(ConnectionPool.leastTime(Duration.ofMillis(19)))
        .isEqualTo(Duration.ofNanos(9_500_000));
    assertThat(ConnectionPool.leastTime(Duration.ofMillis(1))).isEqualTo(Duration.ofNanos(500_000));
  }

  private static FullHttpRequest request() {
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.buffer(0));
    request.headers().set("Host", "test");
    return request;
  }
}
