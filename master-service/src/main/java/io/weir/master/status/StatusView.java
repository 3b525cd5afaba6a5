package io.weir.master.status;

import io.weir.master.registry.Network;
import io.weir.master.registry.NodeRecord;
import io.weir.master.registry.Overview;
import io.weir.master.registry.RegistryState;
import io.weir.master.registry.ShardRecord;
import io.weir.master.registry.Sighting;
import io.weir.master.registry.TopologyView;
import io.weir.model.ClusterStatus;
import io.weir.model.HashSlots;
import io.weir.model.NodeRole;
import io.weir.model.ServerRole;
import io.weir.model.ServerStatus;
import io.weir.model.ShardId;
import io.weir.model.Topology;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status that people see, computed from what the registry holds. Pure. */
final class StatusView {

  private static final Comparator<ServerStatus> ORDER =
      Comparator.comparingInt(StatusView::firstSlot)
          .thenComparing(server -> server.shard().toString())
          .thenComparing(ServerStatus::role)
          .thenComparing(server -> server.nodeId().value());

  private StatusView() {}

  static ClusterStatus of(Overview overview, @Nullable String waiting) {
    RegistryState state = overview.state();
    Topology topology = TopologyView.of(state, Network.INTERNAL);
    Map<ShardId, ShardRecord> shards =
        state.shards().stream().collect(Collectors.toMap(ShardRecord::id, Function.identity()));
    return new ClusterStatus(
        state.founding() == null ? null : state.founding().cluster(),
        topology.state(),
        waiting,
        topology.version(),
        overview.at(),
        topology.slots(),
        state.nodes().stream()
            .map(node ->
                server(
                    node,
                    Objects.requireNonNull(shards.get(node.shard())),
                    overview.sighting(node)))
            .sorted(ORDER)
            .toList(),
        overview.events());
  }

  private static ServerStatus server(NodeRecord node, ShardRecord shard, Sighting seen) {
    Duration age = seen.age();
    return new ServerStatus(
        node.id(),
        node.url(),
        node.fastUrl(),
        shard.id(),
        shard.ranges(),
        role(node, shard),
        node.state(),
        node.claim().term(),
        age == null ? null : age.toMillis() / 1_000.0,
        node.journalFormats(),
        node.databaseServer(),
        seen.figures());
  }

  /** An old leader that is down keeps its role in the registry, but the shard has one leader. */
  private static ServerRole role(NodeRecord node, ShardRecord shard) {
    if (shard.ranges().isEmpty()) {
      return ServerRole.SPARE;
    }
    if (node.role() == NodeRole.JOINING) {
      return ServerRole.JOINING;
    }
    return node.role() == NodeRole.LEADER && node.id().equals(shard.leader())
        ? ServerRole.LEADER
        : ServerRole.REPLICA;
  }

  private static int firstSlot(ServerStatus server) {
    return server.ranges().isEmpty() ? HashSlots.COUNT : server.ranges().getFirst().first();
  }
}
