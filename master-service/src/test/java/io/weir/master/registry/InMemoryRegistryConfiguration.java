package io.weir.master.registry;

import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** A registry in memory, for the slices of the doors: a cluster of two shards. */
@TestConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties(MasterSettings.class)
public class InMemoryRegistryConfiguration {

  @Bean
  RegistryFixture registryFixture() {
    return RegistryFixture.inMemory(2, Duration.ofSeconds(6));
  }

  @Bean
  Registry registry(RegistryFixture fixture) {
    return fixture.registry();
  }
}
