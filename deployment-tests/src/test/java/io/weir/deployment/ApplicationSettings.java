package io.weir.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The settings that an application has, read from its classes: its own, and those of Spring. */
final class ApplicationSettings {

  private final Set<String> properties;
  private final Map<String, Object> defaults;

  private ApplicationSettings(Set<String> properties, Map<String, Object> defaults) {
    this.properties = properties;
    this.defaults = defaults;
  }

  static ApplicationSettings ofCacheServer() {
    return new ApplicationSettings(properties("io.weir.cache"), defaults("weir-cache"));
  }

  static ApplicationSettings ofMaster() {
    return new ApplicationSettings(properties("io.weir.master"), defaults("weir-master"));
  }

  boolean has(String property) {
    return properties.contains(property);
  }

  /** Whether an environment variable sets some property: the names without dashes, as in Spring. */
  boolean takesFromEnvironment(String variable) {
    return properties.stream().anyMatch(property -> variable(property).equals(variable));
  }

  private static String variable(String property) {
    return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** The port for HTTP when none is set. */
  @SuppressWarnings("unchecked")
  int defaultPort() {
    return (Integer) ((Map<String, Object>) defaults.get("server")).get("port");
  }

  private static Set<String> properties(String application) {
    Set<String> names = new TreeSet<>(springs());
    ClassPathScanningCandidateComponentProvider scanner =
        new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    for (String root : Set.of(application, "io.weir.web")) {
      for (BeanDefinition found : scanner.findCandidateComponents(root)) {
        Class<?> type = load(found.getBeanClassName());
        String prefix =
            MergedAnnotations.from(type).get(ConfigurationProperties.class).getString("prefix");
        add(prefix, type, names);
      }
    }
    return names;
  }

  private static void add(String prefix, Class<?> record, Set<String> names) {
    for (RecordComponent component : record.getRecordComponents()) {
      String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
      names.add(name);
      Type type = component.getGenericType();
      if (type instanceof Class<?> nested
          && nested.isRecord()
          && nested.getEnclosingClass() == record) {
        add(name, nested, names);
      }
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> springs() {
    Set<String> names = new TreeSet<>();
    try {
      for (URL url :
          Collections.list(
              ApplicationSettings.class
                  .getClassLoader()
                  .getResources("META-INF/spring-configuration-metadata.json"))) {
        for (JsonNode property : metadata(url).path("properties")) {
          String name = property.path("name").asText();
          // Ours are on the class path for both applications, and are each one's own.
          if (!name.startsWith("weir.")) {
            names.add(name);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private static JsonNode metadata(URL url) throws IOException {
    try (InputStream input = url.openStream()) {
      return new ObjectMapper().readTree(input);
    }
  }

  /** The {@code application.yaml} of the application of a name. */
  private static Map<String, Object> defaults(String application) {
    try {
      for (URL url :
          Collections.list(
              ApplicationSettings.class.getClassLoader().getResources("application.yaml"))) {
        try (InputStream input = url.openStream()) {
          String yaml = new String(input.readAllBytes(), StandardCharsets.UTF_8);
          if (Pattern.compile("^\\s+name: " + application + "$", Pattern.MULTILINE)
              .matcher(yaml)
              .find()) {
            return Repository.documents(yaml).getFirst();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("no application.yaml of " + application);
  }
}
