package io.weir.master.lease;

import io.weir.master.registry.MasterSettings;
import io.weir.master.registry.Registry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the sweep. */
@Configuration(proxyBeanMethods = false)
class LeaseConfiguration {

  @Bean
  LeaseSweeper leaseSweeper(Registry registry, MasterSettings settings) {
    return new LeaseSweeper(registry, settings.lease(), settings.sweep(), System::nanoTime);
  }
}
