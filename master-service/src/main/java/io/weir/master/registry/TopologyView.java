package io.weir.master.registry;

import io.weir.model.HashSlots;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The topology that clients see, computed from the state of the registry. Pure. */
public final class TopologyView {

  private TopologyView() {}

  /** Returns the topology with the addresses of one network. */
  public static Topology of(RegistryState state, Network network) {
    Map<ShardId, List<NodeRecord>> nodes =
        state.nodes().stream().collect(Collectors.groupingBy(NodeRecord::shard));
    List<Shard> all =
        state.shards().stream()
            .map(shard -> shard(shard, nodes.getOrDefault(shard.id(), List.of()), network))
            .toList();
    List<Shard> owning =
        all.stream()
            .filter(shard -> !shard.ranges().isEmpty())
            .sorted(Comparator.comparingInt(shard -> shard.ranges().getFirst().first()))
            .toList();
    List<Shard> spares = all.stream().filter(shard -> shard.ranges().isEmpty()).toList();
    return new Topology(
        state.version(), HashSlots.COUNT, stateOf(owning), owning, spares, null, null);
  }

  /**
   * Returns who has led the shard last, be it up or not, or null when it has left, or says itself
   * that it leads no more. A server that the masters do not hear may well be heard by its clients.
   */
  private static @Nullable NodeRecord leaderOf(ShardRecord shard, List<NodeRecord> nodes) {
    for (NodeRecord node : nodes) {
      if (node.id().equals(shard.leader())
          && node.shard().equals(shard.id())
          && node.role() == NodeRole.LEADER) {
        return node;
      }
    }
    return null;
  }

  private static Shard shard(ShardRecord shard, List<NodeRecord> nodes, Network network) {
    NodeRecord leader = leaderOf(shard, nodes);
    NodeId leaderId = leader == null ? null : leader.id();
    List<ListedServer> replicas =
        nodes.stream()
            .filter(node -> !Objects.equals(node.id(), leaderId))
            .filter(node -> node.role() != NodeRole.JOINING)
            .map(node -> node.listed(network))
            .toList();
    return new Shard(
        shard.id(),
        shard.ranges(),
        shard.claim().term(),
        leader == null ? null : leader.listed(network),
        replicas);
  }

  private static TopologyState stateOf(List<Shard> owning) {
    int owned = owning.stream().flatMap(s -> s.ranges().stream()).mapToInt(SlotRange::size).sum();
    if (owned < HashSlots.COUNT) {
      return TopologyState.FORMING;
    }
    return owning.stream().allMatch(shard -> shard.servingLeader() != null)
        ? TopologyState.SERVING
        : TopologyState.DEGRADED;
  }
}
