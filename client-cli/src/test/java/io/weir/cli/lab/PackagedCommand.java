package io.weir.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged command line as a process, with what it said; it finds the packaged servers. */
public final class PackagedCommand {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String CLI = "client-cli/target/weir-cli.jar";
  private static final List<String> JARS =
      List.of(CLI, "master-service/target/weir-master.jar", "cache-service/target/weir-cache.jar");

  private PackagedCommand() {}

  /**
   * Starts it.
   *
   * @param out file that takes both outputs
   */
  public static Process start(Path out, String... arguments) throws IOException {
    for (String jar : JARS) {
      assertThat(HOME.resolve(jar))
          .as("what is packaged runs: build the whole project with 'mvn verify'")
          .isRegularFile();
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-Dweir.home=" + HOME));
    command.addAll(List.of("-jar", HOME.resolve(CLI).toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  /** What it said so far. */
  public static String said(Path out) {
    try {
      return Files.readString(out);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
