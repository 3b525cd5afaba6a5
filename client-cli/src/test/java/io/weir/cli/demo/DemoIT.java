package io.weir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thing: the packaged command line starts the packaged servers. */
class DemoIT {

  private static final int SHARDS = 2;
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path CLI = HOME.resolve("client-cli/target/weir-cli.jar");

  @TempDir Path directory;

  @Test
  void aDemoComesUpLosesNothingAndLeavesNoProcess() throws Exception {
    int port = freePorts();
    Path out = directory.resolve("out");
    Process demo = demo(port, out, "--duration", "2s", "--exit");
    try {
      assertThat(demo.waitFor(8, TimeUnit.MINUTES)).as("the demo ends: %s", said(out)).isTrue();
    } finally {
      demo.destroy();
    }
    assertThat(demo.exitValue()).as("%s", said(out)).isZero();
    assertThat(Files.readAllLines(out))
        .contains("ready http://127.0.0.1:" + port)
        .anySatisfy(line -> assertThat(line).contains("operations/s ("))
        .anySatisfy(line -> assertThat(line).startsWith("hit ratio"))
        .anySatisfy(
            line -> assertThat(line).matches("audit: [1-9]\\d* acknowledged writes, 0 missing"));
    assertThat(IntStream.rangeClosed(port, port + SHARDS + 1)).allMatch(Ports::isFree);
  }

  private Process demo(int port, Path out, String... options) throws IOException {
    for (String jar :
        List.of("master-service/target/weir-master.jar", "cache-service/target/weir-cache.jar")) {
      assertThat(HOME.resolve(jar))
          .as("the demo runs the packaged servers: build the whole project with 'mvn verify'")
          .isRegularFile();
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-Dweir.home=" + HOME));
    command.addAll(List.of("-jar", CLI.toString(), "demo", "--shards", String.valueOf(SHARDS)));
    command.addAll(List.of("--port", String.valueOf(port)));
    command.addAll(List.of("--data-dir", directory.resolve("data").toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private static String said(Path out) {
    try {
      return Files.readString(out);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The first of as many free ports in a row as the demo needs, below those that clients get. */
  private static int freePorts() {
    return IntStream.iterate(21_400, port -> port < 30_000, port -> port + 10)
        .filter(port -> IntStream.rangeClosed(port, port + SHARDS + 1).allMatch(Ports::isFree))
        .findFirst()
        .orElseThrow();
  }
}
