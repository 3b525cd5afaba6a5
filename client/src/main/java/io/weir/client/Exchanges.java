package io.weir.client;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.weir.client.transport.Access;
import io.weir.client.transport.ConnectionPool;
import io.weir.client.transport.ConnectionPools;
import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests with the token, and once more after a 401 when there is another token by now: a
 * server that refuses one has done nothing. Safe for any number of threads.
 */
final class Exchanges {

  private final ConnectionPools pools;
  private final Access access;

  Exchanges(ConnectionPools pools, Access access) {
    this.pools = pools;
    this.access = access;
  }

  /**
   * Returns the answer of a server.
   *
   * @param message made anew for each attempt, as it is released when sent
   * @param timeout for all of it
   */
  Response send(ServerAddress server, Supplier<FullHttpRequest> message, Duration timeout)
      throws TransportException {
    long start = System.nanoTime();
    String shown = access.authorization();
    Response response = pools.of(server).exchange(showing(shown, message.get()), timeout);
    if (response.status() != 401 || !access.renew(shown)) {
      return response;
    }
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return left.compareTo(ConnectionPool.leastTime(timeout)) >= 0
        ? pools.of(server).exchange(showing(access.authorization(), message.get()), left)
        : response;
  }

  private static FullHttpRequest showing(@Nullable String authorization, FullHttpRequest message) {
    if (authorization != null) {
      message.headers().set(HttpHeaderNames.AUTHORIZATION, authorization);
    }
    return message;
  }
}
