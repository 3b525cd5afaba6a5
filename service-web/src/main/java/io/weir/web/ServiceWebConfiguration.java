package io.weir.web;

import io.weir.web.metrics.MetricsConfiguration;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All that a service imports from here: raw targets, problem+json, metrics, sizes in settings. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, MetricsConfiguration.class})
public class ServiceWebConfiguration {

  @Bean
  TomcatEdge tomcatEdge() {
    return new TomcatEdge();
  }

  @Bean
  TomcatFolders tomcatFolders(
      @Value("${weir.data-dir:weir-data}") Path dataDirectory,
      @Value("${spring.application.name:weir}") String service) {
    return new TomcatFolders(dataDirectory, service);
  }

  @Bean
  @ConfigurationPropertiesBinding
  static ByteSizeConverter byteSizeConverter() {
    return new ByteSizeConverter();
  }
}
