package io.weir.master.registration;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what counts the registrations that are refused. */
@Configuration(proxyBeanMethods = false)
class RegistrationConfiguration {

  @Bean
  FilterRegistrationBean<RefusedRegistrations> refusedRegistrations(MeterRegistry meters) {
    FilterRegistrationBean<RefusedRegistrations> filter =
        new FilterRegistrationBean<>(new RefusedRegistrations(meters, System::nanoTime));
    filter.addUrlPatterns("/register");
    filter.setOrder(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1);
    return filter;
  }
}
