package io.weir.load.run;

import io.weir.load.result.Environment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The machine and the program that this process is. */
public final class ThisMachine {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private ThisMachine() {}

  /**
   * Describes it.
   *
   * @param masters of the cluster that is loaded
   */
  public static Environment environment(List<URI> masters) {
    String version = ThisMachine.class.getPackage().getImplementationVersion();
    return new Environment(
        version == null ? "(not packaged)" : version,
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        cpu(),
        Runtime.getRuntime().availableProcessors(),
        masters.stream().map(URI::toString).toList());
  }

  private static String cpu() {
    if (Files.isReadable(CPU_INFO)) {
      try (Stream<String> lines = Files.lines(CPU_INFO)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseGet(ThisMachine::architecture);
      } catch (IOException e) {
        return architecture();
      }
    }
    return architecture();
  }

  private static String architecture() {
    return String.valueOf(System.getProperty("os.arch"));
  }
}
