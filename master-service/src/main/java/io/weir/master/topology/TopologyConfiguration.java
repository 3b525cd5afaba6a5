package io.weir.master.topology;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.master.registry.Registry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the watch, the version header and the metrics of the topology. */
@Configuration(proxyBeanMethods = false)
class TopologyConfiguration {

  @Bean
  TopologyWatch topologyWatch(Registry registry, WatchSettings settings) {
    return new TopologyWatch(
        registry, settings, Runtime.getRuntime().maxMemory(), System::nanoTime);
  }

  @Bean
  TopologyVersionFilter topologyVersionFilter(Registry registry) {
    return new TopologyVersionFilter(registry);
  }

  @Bean
  MeterBinder topologyMetrics(Registry registry, TopologyWatch watch) {
    return new TopologyMetrics(registry, watch);
  }
}
