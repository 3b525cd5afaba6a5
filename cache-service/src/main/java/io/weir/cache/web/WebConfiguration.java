package io.weir.cache.web;

import io.weir.cache.door.KvDoor;
import io.weir.cache.door.Ownership;
import io.weir.web.RawTarget;
import io.weir.web.ServiceWebConfiguration;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the doors on the HTTP port. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchSettings.class)
@Import({ServiceWebConfiguration.class, BatchController.class, CacheProblems.class})
public class WebConfiguration {

  @Bean
  ServletRegistrationBean<KvServlet> kvServlet(KvDoor door) {
    ServletRegistrationBean<KvServlet> registration =
        new ServletRegistrationBean<>(new KvServlet(door), RawTarget.PATH);
    registration.setName("kv");
    registration.setLoadOnStartup(1);
    return registration;
  }

  @Bean
  FilterRegistrationBean<TopologyVersionFilter> topologyVersionFilter(Ownership ownership) {
    return new FilterRegistrationBean<>(new TopologyVersionFilter(ownership));
  }

  @Bean
  OpenApiCustomizer kvApiDescription() {
    return new KvApiDescription();
  }
}
