package io.weir.master.topology;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.master.registry.Network;
import io.weir.master.registry.Registry;
import io.weir.master.registry.TopologyView;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The meters of the topology, as this master knows it. */
final class TopologyMetrics implements MeterBinder {

  private final Registry registry;
  private final TopologyWatch watch;

  TopologyMetrics(Registry registry, TopologyWatch watch) {
    this.registry = registry;
    this.watch = watch;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    Gauge.builder("weir.topology.version", registry, r -> r.lastKnown().version())
        .description("Version of the topology that this server knows")
        .register(meters);
    Gauge.builder("weir.topology.waiters", watch, TopologyWatch::waiting)
        .description("Requests that wait for the next version")
        .register(meters);
    for (NodeState state : NodeState.values()) {
      Gauge.builder("weir.nodes", registry, r -> nodes(r, state))
          .description("Cache servers by the state they are listed with")
          .tag("state", word(state))
          .register(meters);
    }
    for (TopologyState state : TopologyState.values()) {
      gauge(
              "weir.cluster.state",
              "1 for the state that the cluster is in, 0 for the others",
              topology -> topology.state() == state ? 1 : 0)
          .tag("state", word(state))
          .register(meters);
    }
    bindShards(meters);
  }

  private void bindShards(MeterRegistry meters) {
    String description =
        "Shards by whether a cache server that is up leads them; spares own no slots";
    gauge("weir.shards", description, topology -> led(topology, true))
        .tag("state", "led")
        .register(meters);
    gauge("weir.shards", description, topology -> led(topology, false))
        .tag("state", "leaderless")
        .register(meters);
    gauge("weir.shards", description, topology -> topology.spares().size())
        .tag("state", "spare")
        .register(meters);
    gauge("weir.slots.owned", "Hash slots that some shard owns", TopologyMetrics::owned)
        .register(meters);
  }

  private static long led(Topology topology, boolean led) {
    return topology.shards().stream()
        .filter(shard -> (shard.servingLeader() != null) == led)
        .count();
  }

  private static long owned(Topology topology) {
    return topology.shards().stream()
        .map(Shard::ranges)
        .flatMap(ranges -> ranges.stream())
        .mapToLong(SlotRange::size)
        .sum();
  }

  private static long nodes(Registry registry, NodeState state) {
    return registry.lastKnown().nodes().stream().filter(node -> node.state() == state).count();
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private Gauge.Builder<Registry> gauge(
      String name, String description, ToDoubleFunction<Topology> value) {
    return Gauge.builder(
            name,
            registry,
            r -> value.applyAsDouble(TopologyView.of(r.lastKnown(), Network.INTERNAL)))
        .description(description);
  }
}
