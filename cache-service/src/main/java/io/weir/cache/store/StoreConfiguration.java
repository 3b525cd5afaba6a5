package io.weir.cache.store;

import io.weir.web.DataDirectory;
import io.weir.web.StartupRefusedException;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
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
      DatabaseSettings settings,
      ObjectProvider<JournalAtHand> journal,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    if (settings.url() == null) {
      DataDirectory.prepare("weir.data-dir", Path.of(dataDirectory));
    } else {
      // Nothing of the database is there, and the journal may be elsewhere.
      DataDirectory.warnIfOpen(Path.of(dataDirectory));
    }
    DatabaseSettings complete = settings.orInProcess(Path.of(dataDirectory));
    try {
      return journal.stream().anyMatch(JournalAtHand::isThere)
          ? ShardDatabase.openOrWait(complete)
          : ShardDatabase.open(complete);
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
