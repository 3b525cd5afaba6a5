package io.weir.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** The repository's {@code docker-compose.yml}, for tests that hold it to the applications. */
public final class ComposeFile {

  private static final Pattern VARIABLE_WITH_DEFAULT = Pattern.compile("\\$\\{\\w+:-([^}]*)}");

  private final Map<String, Service> services;

  private ComposeFile(Map<String, Service> services) {
    this.services = services;
  }

  /** Reads the file, from the nearest folder at or above the working directory that has one. */
  public static ComposeFile read() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("docker-compose.yml"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException(
          "there is no docker-compose.yml at or above " + Path.of("").toAbsolutePath());
    }
    try (Reader reader = Files.newBufferedReader(folder.resolve("docker-compose.yml"))) {
      Map<String, Object> document = new Yaml().load(reader);
      Map<String, Service> services = new TreeMap<>();
      map(document.get("services"))
          .forEach((name, service) -> services.put(name, new Service(name, map(service))));
      return new ComposeFile(services);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All services, by name. */
  public Map<String, Service> services() {
    return services;
  }

  /** The services that run an image, whatever its tag. */
  public List<Service> servicesOf(String image) {
    return services.values().stream().filter(s -> s.image().startsWith(image + ":")).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  /**
   * One service.
   *
   * @param name also its host name
   * @param settings all that the file says of it
   */
  public record Service(String name, Map<String, Object> settings) {

    /** With the default of a variable that replaces it. */
    public String image() {
      return VARIABLE_WITH_DEFAULT.matcher(String.valueOf(settings.get("image"))).replaceAll("$1");
    }

    public Map<String, String> environment() {
      return map(settings.get("environment")).entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, variable -> variable.getValue().toString()));
    }

    /** As in the file: {@code address:port:port in the container}. */
    public List<String> ports() {
      return settings.get("ports") instanceof List<?> ports
          ? ports.stream().map(Object::toString).toList()
          : List.of();
    }
  }
}
