package io.weir.web.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The conventions of the meters, and the one standard meter that Micrometer has in other units. */
@Configuration(proxyBeanMethods = false)
public class MetricsConfiguration {

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  @Bean
  static MeterFilter meterConventions() {
    return new MeterConventions();
  }

  /** {@code process_cpu_seconds_total}, as the clients of Prometheus in other languages have it. */
  @Bean
  MeterBinder processCpuSeconds() {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return meters ->
        FunctionCounter.builder(
                "process.cpu", process, of -> of.getProcessCpuTime() / NANOS_PER_SECOND)
            .description("Processor time that this process has used")
            .baseUnit("seconds")
            .register(meters);
  }
}
