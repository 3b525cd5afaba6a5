package io.weir.cache.store;

import io.weir.web.StartupRefusedException;
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
    try {
      return ShardDatabase.open(settings.orInProcess(Path.of(dataDirectory)));
    } catch (UnusableDatabaseException e) {
      throw new StartupRefusedException(String.valueOf(e.getMessage()), e);
    }
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
