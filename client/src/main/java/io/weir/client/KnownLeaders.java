package io.weir.client;

import io.weir.client.transport.ServerAddress;
import io.weir.model.ShardId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The leaders that this client has found by itself, where the masters' topology names another or
 * none: while the masters are away, a shard that has failed over is looked for once, and not again
 * by each call.
 *
 * <p><b>Ordering.</b> What was found counts until a topology has a higher term for the shard than
 * it was found with, or until it proves wrong.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads; at most one entry a shard.
 */
final class KnownLeaders {

  private record Found(ServerAddress server, long term) {}

  private final ConcurrentMap<ShardId, Found> found = new ConcurrentHashMap<>();

  /** Whom to ask first; null when nothing is known. */
  @Nullable ServerAddress of(RoutingTable.Route route) {
    Found known = found.get(route.shard());
    if (known == null) {
      return route.leader();
    }
    if (known.term() < route.term()) {
      found.remove(route.shard(), known);
      return route.leader();
    }
    return known.server();
  }

  /**
   * A server has answered as only a leader does.
   *
   * @param term that another server has said of it; 0 for none
   */
  void leads(RoutingTable.Route route, ServerAddress server, long term) {
    Found known = found.get(route.shard());
    if (server.equals(route.leader())) {
      if (known != null) {
        found.remove(route.shard(), known);
      }
    } else if (known == null || !known.server().equals(server)) {
      found.put(route.shard(), new Found(server, Math.max(term, route.term())));
    }
  }

  /** A server does not answer, or says that it does not lead. */
  void leadsNot(RoutingTable.Route route, ServerAddress server) {
    Found known = found.get(route.shard());
    if (known != null && known.server().equals(server)) {
      found.remove(route.shard(), known);
    }
  }
}
