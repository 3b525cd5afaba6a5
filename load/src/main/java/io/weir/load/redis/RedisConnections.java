package io.weir.load.redis;

import io.weir.client.transport.Access;
import io.weir.client.transport.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The idle connections to each server, and new ones where there is none. They speak version 3 of
 * the protocol. Safe for any number of threads.
 */
final class RedisConnections implements AutoCloseable {

  private final Access access;
  private final int timeoutMillis;
  private final Map<ServerAddress, ConcurrentLinkedDeque<Connection>> idle =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  RedisConnections(Access access, Duration timeout) {
    this.access = access;
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
  }

  /**
   * Takes one that nobody else uses.
   *
   * @throws JedisException when the server cannot be reached, or does not let this client in
   */
  Connection take(ServerAddress server) {
    Connection connection = idleOf(server).pollFirst();
    return connection != null ? connection : connect(server);
  }

  private Connection connect(ServerAddress server) {
    if (!access.allows(server)) {
      throw new JedisConnectionException(
          "nothing is sent there: TLS is in force here, and this address has none");
    }
    String token = access.token();
    try {
      return connect(server, token);
    } catch (JedisConnectionException e) {
      throw e;
    } catch (JedisException e) {
      if (token == null || !access.renewToken(token)) {
        throw e;
      }
      return connect(server, access.token());
    }
  }

  private Connection connect(ServerAddress server, @Nullable String token) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .protocol(RedisProtocol.RESP3)
            .connectionTimeoutMillis(timeoutMillis)
            .socketTimeoutMillis(timeoutMillis);
    if (token != null) {
      config.password(token);
    }
    if (server.secure()) {
      SSLParameters parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      config
          .ssl(true)
          .sslSocketFactory(access.context().getSocketFactory())
          .sslParameters(parameters);
    }
    return new Connection(new HostAndPort(server.host(), server.port()), config.build());
  }

  void giveBack(ServerAddress server, Connection connection) {
    idleOf(server).addFirst(connection);
    if (closed) {
      closeIdle(idleOf(server));
    }
  }

  /** Closes a connection that broke, and the idle ones beside it: their server may have ended. */
  void drop(ServerAddress server, Connection broken) {
    close(broken);
    closeIdle(idleOf(server));
  }

  private ConcurrentLinkedDeque<Connection> idleOf(ServerAddress server) {
    return idle.computeIfAbsent(server, _ -> new ConcurrentLinkedDeque<>());
  }

  private static void closeIdle(ConcurrentLinkedDeque<Connection> connections) {
    for (Connection next = connections.pollFirst(); next != null; next = connections.pollFirst()) {
      close(next);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.forceDisconnect();
    } catch (IOException | JedisException e) {
      // It is of no more use either way.
    }
  }

  @Override
  public void close() {
    closed = true;
    idle.values().forEach(RedisConnections::closeIdle);
  }
}
