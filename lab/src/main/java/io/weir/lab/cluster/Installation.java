package io.weir.lab.cluster;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the programs are that the demo starts.
 *
 * @param java of the JDK that runs this process
 */
record Installation(Path java, Path masterJar, Path cacheJar, Path h2Jar) {

  /**
   * Finds them from {@code weir.home}, which the launcher sets.
   *
   * @throws LabException when a jar is not there
   */
  static Installation find() {
    String home = System.getProperty("weir.home");
    if (home == null) {
      throw new LabException(
          Reason.UNEXPECTED,
          "the demo does not know where Weir lies; run it as ./weir demo, or set -Dweir.home");
    }
    return new Installation(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        jar(Path.of(home, "master-service", "target", "weir-master.jar")),
        jar(Path.of(home, "cache-service", "target", "weir-cache.jar")),
        h2());
  }

  private static Path jar(Path jar) {
    if (!Files.isRegularFile(jar)) {
      throw new LabException(
          Reason.UNEXPECTED, jar + " is not there; ./weir demo builds it before it starts");
    }
    return jar.toAbsolutePath();
  }

  private static Path h2() {
    try {
      return Path.of(
          org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
