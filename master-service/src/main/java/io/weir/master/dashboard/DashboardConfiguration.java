package io.weir.master.dashboard;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/** Lets browsers keep the page's files for as long as their content is the same. */
@Configuration(proxyBeanMethods = false)
class DashboardConfiguration {

  /** Their dates would not do: a reproducible build gives every file the same. */
  @Bean
  FilterRegistrationBean<ShallowEtagHeaderFilter> dashboardTags() {
    FilterRegistrationBean<ShallowEtagHeaderFilter> filter =
        new FilterRegistrationBean<>(new ShallowEtagHeaderFilter());
    filter.addUrlPatterns("/dashboard/*", "/webjars/*");
    return filter;
  }
}
