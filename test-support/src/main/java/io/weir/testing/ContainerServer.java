package io.weir.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.mysql.MySQLContainer;

/** A container of the current MySQL, where a Docker engine answers. */
final class ContainerServer implements ServerChoice {

  private static final String IMAGE = "mysql:9.7";
  private static final String PASSWORD = "weir";
  private static final Duration PULL = Duration.ofMinutes(10);

  @Override
  public String requirement() {
    return "a Docker engine that has or can pull " + IMAGE;
  }

  @Override
  @SuppressWarnings("resource") // Stopped by the shutdown hook of TestDatabase.
  public DatabaseServer start() throws NotHereException {
    try {
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        throw new NotHereException("no engine answers");
      }
      ensureImage(DockerClientFactory.instance().client());
      MySQLContainer container =
          new MySQLContainer(IMAGE)
              .withUsername("root")
              .withPassword(PASSWORD)
              .withDatabaseName("test");
      container.setCommand(
          "mysqld", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin", "--mysqlx=OFF");
      container.start();
      return new DatabaseServer(
          "a container of " + IMAGE,
          "jdbc:mysql://" + container.getHost() + ":" + container.getFirstMappedPort() + "/",
          "",
          "root",
          PASSWORD,
          container::stop);
    } catch (RuntimeException e) {
      throw new NotHereException("it did not start: " + firstLine(e), e);
    }
  }

  /**
   * Pulls the image in one attempt; Testcontainers' own would go on for minutes without network.
   */
  private static void ensureImage(DockerClient engine) throws NotHereException {
    try {
      engine.inspectImageCmd(IMAGE).exec();
    } catch (NotFoundException absent) {
      try {
        if (!engine
            .pullImageCmd(IMAGE)
            .start()
            .awaitCompletion(PULL.toSeconds(), TimeUnit.SECONDS)) {
          throw new NotHereException("pulling it took longer than " + PULL.toMinutes() + " min");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NotHereException("interrupted while pulling", e);
      }
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
