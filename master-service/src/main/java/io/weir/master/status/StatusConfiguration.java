package io.weir.master.status;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what asks the cache servers. */
@Configuration(proxyBeanMethods = false)
class StatusConfiguration {

  @Bean
  KeyProbe keyProbe(
      CacheAccessSettings settings, SslBundles bundles, ObjectProvider<ServerProperties> server) {
    ServerProperties own = server.getIfAvailable();
    return new KeyProbe(settings, bundles, own != null && Ssl.isEnabled(own.getSsl()));
  }
}
