package io.weir.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.weir.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.tools.Server;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFilesTest {

  @TempDir Path path;

  /** The database process of a cluster of one shard, in this process. */
  private static final class Served implements AutoCloseable {

    private final Cluster cluster;
    private final Server server;

    Served(Path directory, DatabaseFiles files) throws SQLException {
      cluster =
          new Cluster(
              new ClusterPlan(1, 1, FreePorts.first(3), Map.of(), List.of()),
              new Installation(Path.of("j"), Path.of("m"), Path.of("c"), Path.of("h")),
              directory,
              files.password(),
              Cluster.CacheWiring.STRAIGHT);
      for (String name : cluster.ownDatabases()) {
        files.prepare(name);
      }
      List<String> command = cluster.database().command();
      List<String> arguments =
          command.subList(command.indexOf("org.h2.tools.Server") + 1, command.size()).stream()
              .filter(argument -> !argument.equals("-tcp"))
              .toList();
      server = Server.createTcpServer(arguments.toArray(String[]::new)).start();
    }

    String strangers(String name) {
      return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + name;
    }

    @Override
    public void close() {
      server.stop();
    }
  }

  @Test
  void whoHoldsThePasswordGetsInAndNobodyElse() throws SQLException {
    DatabaseFiles files = open(path);
    try (Served served = new Served(path, files)) {
      DriverManager.getConnection(served.cluster.shardUrls().getFirst()).close();
      DriverManager.getConnection(served.cluster.registryUrl()).close();
      for (String name : List.of("./shard-0", "./registry")) {
        assertThatThrownBy(() -> DriverManager.getConnection(served.strangers(name), "sa", ""))
            .hasMessageContaining("Wrong user name or password");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"./nobody", "mem:nobody", "../nobody", "~/nobody"})
  void nobodyCreatesADatabase(String name) throws SQLException {
    DatabaseFiles files = open(path);
    try (Served served = new Served(path, files)) {
      assertThatThrownBy(() -> DriverManager.getConnection(served.strangers(name), "sa", ""))
          .isInstanceOf(SQLException.class);
    }
    assertThat(path.resolve("database/nobody.mv.db")).doesNotExist();
  }

  @Test
  void thePasswordIsItsOwnersAloneAndStaysTheSame() throws Exception {
    String password = open(path).password();
    assertThat(password).hasSizeGreaterThanOrEqualTo(32);
    assertThat(open(path).password()).isEqualTo(password);
    assertThat(open(path.resolve("other")).password()).isNotEqualTo(password);
    assertThat(rights("database.password")).isEqualTo("rw-------");
    assertThat(rights("database")).isEqualTo("rwx------");
  }

  @Test
  void aClusterThatWasMadeWithoutAPasswordGoesOnWithOne() throws Exception {
    Path folder = Files.createDirectory(path.resolve("database"));
    String old =
        "jdbc:h2:file:"
            + folder.resolve("shard-0")
            + ";MODE=MySQL;WRITE_DELAY=0;DATABASE_TO_LOWER=TRUE";
    try (Connection connection = DriverManager.getConnection(old, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT 7 AS n");
    }
    for (int start = 0; start < 2; start++) {
      DatabaseFiles files = open(path);
      try (Served served = new Served(path, files)) {
        try (Connection connection =
                DriverManager.getConnection(served.cluster.shardUrls().getFirst());
            Statement statement = connection.createStatement();
            ResultSet kept = statement.executeQuery("SELECT n FROM kept")) {
          assertThat(kept.next()).isTrue();
          assertThat(kept.getInt(1)).isEqualTo(7);
        }
        String guessed = served.cluster.shardUrls().getFirst().replace(files.password(), "");
        assertThatThrownBy(() -> DriverManager.getConnection(guessed))
            .hasMessageContaining("Wrong user name or password");
      }
    }
    assertThat(rights("database")).isEqualTo("rwx------");
  }

  /** The folder of procfs is there, and takes no rights; so is one of a disk without owners. */
  @Test
  void whereRightsCannotBeChangedItSaysSoAndGoesOn() throws IOException {
    Path folder = Path.of("/proc/self/task");
    Assumptions.assumeTrue(Files.isDirectory(folder), "only Linux has it");
    Files.createSymbolicLink(path.resolve("database"), folder);
    List<String> warnings = new ArrayList<>();
    DatabaseFiles files = DatabaseFiles.open(path, warnings::add);
    assertThat(files.folder()).isDirectory();
    assertThat(warnings).singleElement().asString().startsWith("others may read " + files.folder());
  }

  private static DatabaseFiles open(Path directory) {
    return DatabaseFiles.open(directory, warning -> fail(warning));
  }

  private String rights(String name) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve(name)));
  }
}
