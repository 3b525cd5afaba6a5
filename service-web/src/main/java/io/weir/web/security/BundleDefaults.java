package io.weir.web.security;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Has every SSL bundle of PEM files check that its certificate is that of its key, unless a setting
 * says otherwise. Spring Boot does not by default. A rotation replaces two files one after the
 * other: between them a certificate without its key would be taken into force, and all TLS fail. So
 * the bundle of before stays until both are there.
 */
final class BundleDefaults implements EnvironmentPostProcessor {

  private static final String BUNDLES = "spring.ssl.bundle.pem";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    Binder.get(environment)
        .bind(BUNDLES, Bindable.mapOf(String.class, Object.class))
        .orElseGet(Map::of)
        .keySet()
        .forEach(name ->
            defaults.put(
                BUNDLES + "." + name.split("\\.", 2)[0] + ".keystore.verify-keys", "true"));
    environment
        .getPropertySources()
        .addLast(new MapPropertySource("weir: bundles check their keys", defaults));
  }
}
