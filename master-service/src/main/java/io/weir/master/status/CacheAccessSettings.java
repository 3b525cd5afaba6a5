package io.weir.master.status;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the master asks a cache server about a key, for those who look one up.
 *
 * @param cacheTokenFile file with the token that it presents, whose role is {@code read}; read anew
 *     each time; none for cache servers that ask for none
 * @param cacheSslBundle SSL bundle whose trust store, and key if it has one, are used for {@code
 *     https}; by default the Java runtime's own trust store
 * @param cacheTimeout how long it waits for the answer
 */
@ConfigurationProperties("weir.master")
public record CacheAccessSettings(
    @Nullable Path cacheTokenFile,
    @Nullable String cacheSslBundle,
    @DefaultValue("2s") Duration cacheTimeout) {

  public CacheAccessSettings {
    if (cacheTimeout.toMillis() < 100 || cacheTimeout.compareTo(Duration.ofSeconds(60)) > 0) {
      throw new IllegalArgumentException(
          "weir.master.cache-timeout is "
              + cacheTimeout.toMillis()
              + "ms; allowed is 100ms to 60s");
    }
  }
}
