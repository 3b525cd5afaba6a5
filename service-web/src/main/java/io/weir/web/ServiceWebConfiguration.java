package io.weir.web;

import io.weir.web.metrics.MetricsConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** All that a service imports from here: raw targets, problem+json, metrics, sizes in settings. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, MetricsConfiguration.class})
public class ServiceWebConfiguration {

  @Bean
  TomcatEdge tomcatEdge() {
    return new TomcatEdge();
  }

  @Bean
  ConnectionBound connectionBound(
      Environment environment, ObjectProvider<OtherConnections> others) {
    return new ConnectionBound(environment, others.getIfAvailable(() -> OtherConnections.NONE));
  }

  @Bean
  TomcatFolders tomcatFolders(Environment environment) {
    return new TomcatFolders(environment);
  }

  @Bean
  @ConfigurationPropertiesBinding
  static ByteSizeConverter byteSizeConverter() {
    return new ByteSizeConverter();
  }
}
