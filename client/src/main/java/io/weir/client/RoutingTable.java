package io.weir.client;

import io.weir.client.transport.ServerAddress;
import io.weir.model.HashSlots;
import io.weir.model.Member;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A topology turned into one look-up: from a slot to its owner. Immutable. */
public final class RoutingTable {

  private final Topology topology;
  private final @Nullable ServerAddress[] leaders = new ServerAddress[HashSlots.COUNT];
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
      Member leader = shard.leader();
      ServerAddress address = leader == null ? null : ServerAddress.of(leader.url());
      if (address != null) {
        servers.add(address);
      }
      for (SlotRange range : shard.ranges()) {
        for (int slot = range.first(); slot <= range.last(); slot++) {
          leaders[slot] = address;
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

  /** The term of the shard that owns a slot; 0 while there is none. */
  long termOf(int slot) {
    return terms[slot];
  }

  /** All leaders, in order of their shards. */
  public Set<ServerAddress> servers() {
    return Set.copyOf(servers);
  }
}
