package io.weir.master.status;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what asks the cache servers. */
@Configuration(proxyBeanMethods = false)
class StatusConfiguration {

  @Bean
  KeyProbe keyProbe(CacheAccessSettings settings, SslBundles bundles) {
    return new KeyProbe(settings, bundles);
  }
}
