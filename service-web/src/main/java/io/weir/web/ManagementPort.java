package io.weir.web;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * What makes the server of {@code management.server.port} like the other. It stands in a context of
 * its own, which no customizer of the application reaches.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
final class ManagementPort {

  @Bean
  TomcatEdge tomcatEdge() {
    return new TomcatEdge();
  }

  @Bean
  ConnectionBound connectionBound(Environment environment) {
    return new ConnectionBound(environment, OtherConnections.NONE);
  }

  @Bean
  TomcatFolders tomcatFolders(Environment environment) {
    return new TomcatFolders(environment);
  }
}
