package io.weir.master.topology;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.master.registry.Registry;
import io.weir.model.NodeState;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the watch, the version header and the metrics of the topology. */
@Configuration(proxyBeanMethods = false)
class TopologyConfiguration {

  @Bean
  TopologyWatch topologyWatch(Registry registry, WatchSettings settings) {
    return new TopologyWatch(registry, settings, System::nanoTime);
  }

  @Bean
  TopologyVersionFilter topologyVersionFilter(Registry registry) {
    return new TopologyVersionFilter(registry);
  }

  @Bean
  MeterBinder topologyMetrics(Registry registry, TopologyWatch watch) {
    return meters -> {
      Gauge.builder("weir.topology.version", registry, r -> r.lastKnown().version())
          .description("Version of the topology that this master knows")
          .register(meters);
      Gauge.builder("weir.topology.waiters", watch, TopologyWatch::waiting)
          .description("Requests that wait for the next version")
          .register(meters);
      for (NodeState state : NodeState.values()) {
        Gauge.builder("weir.nodes", registry, r -> nodes(r, state))
            .description("Cache servers by the state they are listed with")
            .tag("state", state.name().toLowerCase(Locale.ROOT))
            .register(meters);
      }
    };
  }

  private static long nodes(Registry registry, NodeState state) {
    return registry.lastKnown().nodes().stream().filter(node -> node.state() == state).count();
  }
}
