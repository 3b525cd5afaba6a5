package io.weir.client;

import io.weir.client.transport.ServerAddress;
import io.weir.model.HashSlots;
import io.weir.model.ListedServer;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A topology turned into one look-up: from a slot to its owner. Immutable. */
public final class RoutingTable {

  private final Topology topology;
  private final @Nullable Route[] routes = new Route[HashSlots.COUNT];
  private final Set<ServerAddress> servers = new HashSet<>();
  private final Map<ServerAddress, ServerAddress> fast = new HashMap<>();

  /**
   * Where the slots of a shard are served.
   *
   * @param leader the last that is known, be it up or not
   * @param up the servers that are up, the leader first
   * @param members all servers, the leader first and those that are down last
   */
  record Route(
      ShardId shard,
      long term,
      @Nullable ServerAddress leader,
      List<ServerAddress> up,
      List<ServerAddress> members) {}

  /**
   * Reads a topology.
   *
   * @throws IllegalArgumentException when it has another number of slots, or a server's URL is none
   */
  public RoutingTable(Topology topology) {
    if (topology.slots() != HashSlots.COUNT) {
      throw new IllegalArgumentException(
          "this client routes by "
              + HashSlots.COUNT
              + " slots, the topology has "
              + topology.slots());
    }
    this.topology = topology;
    for (Shard shard : topology.shards()) {
      Route route = route(shard);
      servers.addAll(route.members());
      shard.replicas().forEach(this::addFast);
      if (shard.leader() != null) {
        addFast(shard.leader());
      }
      for (SlotRange range : shard.ranges()) {
        for (int slot = range.first(); slot <= range.last(); slot++) {
          routes[slot] = route;
        }
      }
    }
  }

  private void addFast(ListedServer server) {
    if (server.fastUrl() != null) {
      fast.put(ServerAddress.of(server.url()), ServerAddress.of(server.fastUrl()));
    }
  }

  private static Route route(Shard shard) {
    ListedServer leader = shard.leader();
    ServerAddress address = leader == null ? null : ServerAddress.of(leader.url());
    List<ServerAddress> up = new ArrayList<>();
    List<ServerAddress> members = new ArrayList<>();
    List<ServerAddress> down = new ArrayList<>();
    if (address != null) {
      members.add(address);
      if (shard.servingLeader() != null) {
        up.add(address);
      }
    }
    for (ListedServer replica : shard.replicas()) {
      ServerAddress server = ServerAddress.of(replica.url());
      if (replica.state() == NodeState.UP) {
        up.add(server);
        members.add(server);
      } else {
        down.add(server);
      }
    }
    members.addAll(down);
    return new Route(shard.id(), shard.term(), address, List.copyOf(up), List.copyOf(members));
  }

  public Topology topology() {
    return topology;
  }

  /** Where a slot is served; null while no shard owns it. */
  @Nullable Route route(int slot) {
    return routes[slot];
  }

  /** Where the last known leader of a slot is reached, be it up or not; null while none is. */
  public @Nullable ServerAddress leaderOf(int slot) {
    Route route = routes[slot];
    return route == null ? null : route.leader();
  }

  /** Where those servers of a slot's shard are reached that are up, its leader first. */
  public List<ServerAddress> serversOf(int slot) {
    Route route = routes[slot];
    return route == null ? List.of() : route.up();
  }

  /** Where the fast port of a server is, which is called by its URL; null when it has none. */
  public @Nullable ServerAddress fastOf(ServerAddress server) {
    return fast.get(server);
  }

  /** The fast ports of all servers. */
  public Set<ServerAddress> fastPorts() {
    return Set.copyOf(fast.values());
  }

  /** The term of the shard that owns a slot; 0 while there is none. */
  long termOf(int slot) {
    Route route = routes[slot];
    return route == null ? 0 : route.term();
  }

  /** All servers, up or down, replicas included. */
  Set<ServerAddress> servers() {
    return Set.copyOf(servers);
  }
}
