package io.weir.web;

import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All that a service imports from here: raw targets, problem+json, sizes in settings. */
@Configuration(proxyBeanMethods = false)
@Import(ProblemAdvice.class)
public class ServiceWebConfiguration {

  @Bean
  TomcatEdge tomcatEdge() {
    return new TomcatEdge();
  }

  @Bean
  @ConfigurationPropertiesBinding
  static ByteSizeConverter byteSizeConverter() {
    return new ByteSizeConverter();
  }
}
