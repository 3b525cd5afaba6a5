package io.weir.web.security;

import io.weir.model.Authority;
import io.weir.web.StartupRefusedException;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Wires who may do what. The rule for each path is in {@link #everythingElse}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableWebSecurity
@EnableConfigurationProperties({SecuritySettings.class, ServerProperties.class})
public class SecurityConfiguration {

  @Bean
  @Nullable TokensFile tokensFile(SecuritySettings settings) {
    return settings.tokensFile() == null
        ? null
        : new TokensFile(settings.tokensFile(), given(settings));
  }

  @Bean
  Tokens tokens(SecuritySettings settings, ObjectProvider<TokensFile> files) {
    TokensFile file = files.getIfAvailable();
    if (file == null) {
      return new Tokens(given(settings));
    }
    Tokens tokens = new Tokens(file.open());
    file.watch(tokens, settings.reloadInterval());
    return tokens;
  }

  private static List<Token> given(SecuritySettings settings) {
    try {
      return new ArrayList<>(Tokens.parse("weir.security.tokens", settings.tokens()));
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  @Bean
  Exposure exposure(Tokens tokens, ServerProperties server, Environment environment) {
    Integer management = environment.getProperty("management.server.port", Integer.class);
    return new Exposure(
        tokens.areAsked(),
        server,
        new Exposure.ManagementAddress(
            management != null && management >= 0 && !management.equals(server.getPort()),
            environment.getProperty("management.server.address", InetAddress.class)));
  }

  @Bean
  LoopbackBinding loopbackBinding(Exposure exposure) {
    return new LoopbackBinding(exposure);
  }

  @Bean
  SecretSanitizer secretSanitizer() {
    return new SecretSanitizer();
  }

  @Bean
  Refusals refusals() {
    return new Refusals();
  }

  @Bean
  LoopbackNames loopbackNames(SecuritySettings settings, Environment environment) {
    List<String> names = new ArrayList<>(settings.hosts());
    for (String url : List.of("url", "external-url", "fast-url", "external-fast-url")) {
      URI own = environment.getProperty("weir.advertise." + url, URI.class);
      Authority authority = own == null ? null : Authority.of(own);
      if (authority != null) {
        names.add(authority.host());
      }
    }
    return new LoopbackNames(names);
  }

  @Bean
  HttpFirewall httpFirewall() {
    return new KeyFirewall();
  }

  /** Spring Security would time every filter of every request. */
  @Bean
  static SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  KeyGate keyGate(Tokens tokens, LoopbackNames names, Refusals refusals) {
    return new KeyGate(tokens, names, refusals);
  }

  @Bean
  Logins logins(Tokens tokens, Refusals refusals) {
    return new Logins(tokens, refusals);
  }

  @Bean
  @Order(1)
  SecurityFilterChain keys(KeyGate gate) {
    Filter filter =
        (request, response, chain) -> {
          if (gate.admits((HttpServletRequest) request, (HttpServletResponse) response)) {
            chain.doFilter(request, response);
          }
        };
    return new DefaultSecurityFilterChain(KeyGate::isForKeys, filter);
  }

  @Bean
  @Order(2)
  SecurityFilterChain everythingElse(
      HttpSecurity http, Tokens tokens, LoopbackNames names, Refusals refusals) {
    String read = Role.READ.authority();
    String write = Role.WRITE.authority();
    String cluster = Role.CLUSTER.authority();
    String operate = Role.OPERATE.authority();
    return http.authorizeHttpRequests(paths ->
            paths
                .requestMatchers("/actuator/health", "/actuator/health/**")
                .permitAll()
                .requestMatchers(reading("/caches"))
                .hasAnyAuthority(read, write, cluster, operate)
                .requestMatchers(reading("/actuator/prometheus"))
                .hasAnyAuthority(Role.METRICS.authority(), operate)
                .requestMatchers("/batch") // Which of them, its operations say.
                .hasAnyAuthority(read, write)
                .requestMatchers("/register", "/register/**")
                .hasAuthority(cluster)
                .anyRequest() // Some ask for another role besides, by themselves: see Caller.
                .hasAuthority(operate))
        .anonymous(anonymous -> {
          if (!tokens.areAsked()) {
            anonymous.authorities(Role.authorities());
          }
        })
        .addFilterBefore(new TokenFilter(tokens, names), AnonymousAuthenticationFilter.class)
        .exceptionHandling(
            refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(AbstractHttpConfigurer::disable) // TokenFilter refuses other origins.
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .headers(headers ->
            headers
                .defaultsDisabled()
                .contentTypeOptions(options -> {})
                .crossOriginResourcePolicy(
                    policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny))
        .build();
  }

  /** A HEAD asks for no more than a GET. */
  private static RequestMatcher[] reading(String path) {
    PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
    return new RequestMatcher[] {
      paths.matcher(HttpMethod.GET, path), paths.matcher(HttpMethod.HEAD, path)
    };
  }
}
