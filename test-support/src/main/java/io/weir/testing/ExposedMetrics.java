package io.weir.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The metrics that a running service exposes to Prometheus, and the catalogue in {@code
 * observability/metrics} that says which those are: alerts and dashboards may use what it lists.
 */
public final class ExposedMetrics {

  /** Set to {@code write}, a test writes the catalogue instead of comparing with it. */
  private static final String CATALOGUE = "weir.metrics.catalogue";

  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

  /** Ours; all of these are in the catalogue. */
  private static final Pattern OWN = Pattern.compile("(weir|cache)_.*");

  /** Of the others, those that every VM and every start has. */
  private static final Pattern COMMON =
      Pattern.compile(
          "disk_.*|hikaricp_connections(_active|_idle|_max|_pending)?|http_server_requests_seconds"
              + "|jvm_memory_(used|max)_bytes|jvm_gc_overhead|jvm_threads_live_threads|process_.*"
              + "|system_cpus");

  private final String text;
  private final SortedMap<String, String> families = new TreeMap<>();

  private ExposedMetrics(String text) {
    this.text = text;
    SortedMap<String, String> help = new TreeMap<>();
    text.lines()
        .forEach(line -> {
          Matcher described = HELP.matcher(line);
          if (described.matches()) {
            help.put(described.group(1), described.group(2).strip());
          }
          Matcher typed = TYPE.matcher(line);
          if (typed.matches()) {
            String name = typed.group(1);
            families.put(name, typed.group(2) + " " + help.getOrDefault(name, ""));
          }
        });
  }

  /** Reads what {@code /actuator/prometheus} has answered. */
  public static ExposedMetrics of(String text) {
    return new ExposedMetrics(text);
  }

  /**
   * Compares with the catalogue of a service, at the root of the repository.
   *
   * @throws AssertionError when they differ
   */
  public void mustBeAsCatalogued(String service) {
    Path file = catalogue(service);
    List<String> exposed =
        lines(families).filter(line -> OWN.matcher(line).matches() || isCommon(line)).toList();
    if ("write".equals(System.getProperty(CATALOGUE))) {
      write(file, exposed);
    }
    List<String> catalogued = read(file);
    if (!catalogued.equals(exposed)) {
      throw new AssertionError(
          file
              + " is not what "
              + service
              + " exposes; run the test with -D"
              + CATALOGUE
              + "=write, and look at what alerts and dashboards use. Only exposed: "
              + minus(exposed, catalogued)
              + ". Only in the file: "
              + minus(catalogued, exposed));
    }
  }

  /**
   * Has {@code promtool check metrics} look at them.
   *
   * @return what it found fault with, empty for nothing; absent when there is no promtool here
   */
  public Optional<String> lint() {
    try {
      Process promtool =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
      try (OutputStream input = promtool.getOutputStream()) {
        input.write(text.getBytes(StandardCharsets.UTF_8));
      }
      try (InputStream output = promtool.getInputStream()) {
        return Optional.of(new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isCommon(String line) {
    return COMMON.matcher(line.substring(0, line.indexOf(' '))).matches();
  }

  private static Stream<String> lines(SortedMap<String, String> families) {
    return families.entrySet().stream().map(family -> family.getKey() + " " + family.getValue());
  }

  private static List<String> minus(List<String> these, List<String> those) {
    return these.stream().filter(line -> !those.contains(line)).toList();
  }

  private static Path catalogue(String service) {
    Path here = Path.of("").toAbsolutePath();
    boolean atRoot = Files.isDirectory(here.resolve("observability"));
    return here.resolve(atRoot ? "." : "..")
        .resolve("observability/metrics/" + service + ".txt")
        .normalize();
  }

  private static void write(Path file, List<String> lines) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
