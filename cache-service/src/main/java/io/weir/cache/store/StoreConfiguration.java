package io.weir.cache.store;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the shard's database for the application. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseSettings.class)
public class StoreConfiguration {

  @Bean
  ShardDatabase shardDatabase(
      DatabaseSettings settings, @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    return ShardDatabase.open(settings.orInProcess(Path.of(dataDirectory)));
  }

  @Bean
  BackingStore backingStore(ShardDatabase database) {
    return database.backingStore();
  }

  @Bean
  ShardRegistry shardRegistry(ShardDatabase database) {
    return database.registry();
  }
}
