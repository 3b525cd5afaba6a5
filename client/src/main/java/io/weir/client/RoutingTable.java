package io.weir.client;

import io.weir.client.transport.ServerAddress;
import io.weir.model.HashSlots;
import io.weir.model.ListedServer;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A topology turned into one look-up: from a slot to its owner. Immutable. */
public final class RoutingTable {

  private final Topology topology;
  private final @Nullable ServerAddress[] leaders = new ServerAddress[HashSlots.COUNT];
  private final List<List<ServerAddress>> serversBySlot =
      new ArrayList<>(Collections.nCopies(HashSlots.COUNT, List.of()));
  private final long[] terms = new long[HashSlots.COUNT];
  private final Set<ServerAddress> servers = new LinkedHashSet<>();

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
      ListedServer leader = shard.leader();
      ServerAddress address = leader == null ? null : ServerAddress.of(leader.url());
      List<ServerAddress> up = new ArrayList<>();
      if (address != null) {
        up.add(address);
      }
      for (ListedServer replica : shard.replicas()) {
        if (replica.state() == NodeState.UP) {
          up.add(ServerAddress.of(replica.url()));
        }
      }
      servers.addAll(up);
      for (SlotRange range : shard.ranges()) {
        for (int slot = range.first(); slot <= range.last(); slot++) {
          leaders[slot] = address;
          serversBySlot.set(slot, up);
          terms[slot] = shard.term();
        }
      }
    }
  }

  public Topology topology() {
    return topology;
  }

  /** Where the leader of a slot is reached; null while there is none. */
  public @Nullable ServerAddress leaderOf(int slot) {
    return leaders[slot];
  }

  /** Where those servers of a slot's shard are reached that are up, its leader first. */
  public List<ServerAddress> serversOf(int slot) {
    return serversBySlot.get(slot);
  }

  /** The term of the shard that owns a slot; 0 while there is none. */
  long termOf(int slot) {
    return terms[slot];
  }

  /** All servers that are up, replicas included. */
  Set<ServerAddress> servers() {
    return Set.copyOf(servers);
  }
}
