package io.weir.master.lease;

import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.master.registry.MasterSettings;
import io.weir.master.registry.Registry;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starts the sweep, and tells how long ago it saw the registry. */
@Configuration(proxyBeanMethods = false)
class LeaseConfiguration {

  @Bean
  LeaseSweeper leaseSweeper(Registry registry, MasterSettings settings) {
    return new LeaseSweeper(registry, settings.lease(), settings.sweep(), System::nanoTime);
  }

  @Bean
  MeterBinder leaseMetrics(LeaseSweeper sweeper) {
    return meters ->
        TimeGauge.builder(
                "weir.registry.age", sweeper, TimeUnit.NANOSECONDS, LeaseSweeper::unseenNanos)
            .description("How long ago this master has seen the registry database")
            .register(meters);
  }
}
