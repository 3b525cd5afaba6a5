package io.weir.client.transport;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A connection pool for every server that was asked for. Safe for any number of threads. */
public final class ConnectionPools implements AutoCloseable {

  private final Transport transport;
  private final int maxConnections;
  private final Duration idleTimeout;
  private final Map<ServerAddress, ConnectionPool> pools = new ConcurrentHashMap<>();

  /** The arguments are those of each {@link ConnectionPool}. */
  public ConnectionPools(Transport transport, int maxConnections, Duration idleTimeout) {
    this.transport = transport;
    this.maxConnections = maxConnections;
    this.idleTimeout = idleTimeout;
  }

  /** Returns the pool of a server. */
  public ConnectionPool of(ServerAddress server) {
    ConnectionPool pool = pools.get(server);
    return pool != null
        ? pool
        : pools.computeIfAbsent(
            server, address -> new ConnectionPool(transport, address, maxConnections, idleTimeout));
  }

  /** Closes the pools of all other servers, so that servers that have left leave nothing behind. */
  public void retain(Collection<ServerAddress> servers) {
    Set<ServerAddress> wanted = new HashSet<>(servers);
    for (ServerAddress server : List.copyOf(pools.keySet())) {
      if (!wanted.contains(server)) {
        ConnectionPool pool = pools.remove(server);
        if (pool != null) {
          pool.close();
        }
      }
    }
  }

  @Override
  public void close() {
    retain(Set.of());
  }
}
