package io.weir.cache.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.cache.door.KvDoor;
import io.weir.cache.door.Ownership;
import io.weir.web.RawTarget;
import io.weir.web.ServiceWebConfiguration;
import io.weir.web.metrics.RequestMeters;
import io.weir.web.security.KeyFront;
import io.weir.web.security.KeyGate;
import io.weir.web.security.SecurityConfiguration;
import java.util.List;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Puts the doors on the HTTP port. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({BatchSettings.class, RequestSettings.class})
@Import({
  ServiceWebConfiguration.class,
  SecurityConfiguration.class,
  BatchController.class,
  CacheProblems.class
})
public class WebConfiguration {

  @Bean
  LeastRate leastRate(RequestSettings settings) {
    return settings.leastRate();
  }

  @Bean
  ServletRegistrationBean<KvServlet> kvServlet(
      KvDoor door, RequestBudget budget, LeastRate leastRate) {
    ServletRegistrationBean<KvServlet> registration =
        new ServletRegistrationBean<>(new KvServlet(door, budget, leastRate), RawTarget.PATH);
    registration.setName("kv");
    registration.setLoadOnStartup(1);
    return registration;
  }

  @Bean
  FilterRegistrationBean<KeyFront> keyFront(
      ServletRegistrationBean<KvServlet> kvServlet, KeyGate gate, MeterRegistry meters) {
    KvServlet keys = Objects.requireNonNull(kvServlet.getServlet());
    return KeyFront.before(keys, gate, new RequestMeters(meters));
  }

  @Bean
  RequestThreads.OfTomcat requestThreads() {
    return new RequestThreads.OfTomcat();
  }

  @Bean
  FilterRegistrationBean<BatchAdmission> batchAdmission(RequestBudget budget, LeastRate leastRate) {
    FilterRegistrationBean<BatchAdmission> registration =
        new FilterRegistrationBean<>(new BatchAdmission(budget, leastRate));
    registration.setUrlPatterns(List.of("/batch"));
    return registration;
  }

  @Bean
  FilterRegistrationBean<TopologyVersionFilter> topologyVersionFilter(Ownership ownership) {
    FilterRegistrationBean<TopologyVersionFilter> registration =
        new FilterRegistrationBean<>(new TopologyVersionFilter(ownership));
    // For all but the key door, which says it itself: its requests are spared the filter.
    registration.setServletNames(
        List.of(DispatcherServletAutoConfiguration.DEFAULT_DISPATCHER_SERVLET_BEAN_NAME));
    return registration;
  }

  @Bean
  OpenApiCustomizer kvApiDescription() {
    return new KvApiDescription();
  }
}
