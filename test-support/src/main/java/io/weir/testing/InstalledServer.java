package io.weir.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server of our own, run from the {@code mysqld} or {@code mariadbd} that is installed. */
final class InstalledServer implements ServerChoice {

  private final List<Path> searchPath;

  InstalledServer(List<Path> searchPath) {
    this.searchPath = List.copyOf(searchPath);
  }

  /** The directories of the PATH. */
  static List<Path> searchPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(Path::of)
        .toList();
  }

  @Override
  public String requirement() {
    return "mysqld or mariadbd on the PATH";
  }

  @Override
  public DatabaseServer start() throws NotHereException {
    Path program =
        find("mysqld")
            .or(() -> find("mariadbd"))
            .orElseThrow(() -> new NotHereException("neither is there"));
    try {
      Path directory = Files.createTempDirectory("weir-test-database");
      try {
        return start(program, directory);
      } catch (IOException | RuntimeException e) {
        ServerProcess.deleteTree(directory);
        throw e;
      }
    } catch (IOException e) {
      throw new NotHereException(program + " did not start: " + e.getMessage(), e);
    }
  }

  private DatabaseServer start(Path program, Path directory) throws IOException {
    Path log = directory.resolve("server.log");
    Path data = directory.resolve("data");
    boolean mariadb = ServerProcess.output(program, "--version").contains("MariaDB");
    if (mariadb) {
      ServerProcess.run(initialiseMariaDb(data), log);
    } else {
      ServerProcess.run(initialiseMySql(program, data), log);
    }
    return ServerProcess.serve(program, mariadb, data, directory, program.toString());
  }

  private static List<String> initialiseMySql(Path program, Path data) {
    List<String> command = command(program.toString());
    command.addAll(List.of("--initialize-insecure", "--datadir=" + data));
    return command;
  }

  private List<String> initialiseMariaDb(Path data) throws IOException {
    Path installer =
        find("mariadb-install-db")
            .or(() -> find("mysql_install_db"))
            .orElseThrow(() -> new IOException("mariadb-install-db is not on the PATH"));
    List<String> command = command(installer.toString());
    command.addAll(
        List.of(
            "--datadir=" + data,
            "--auth-root-authentication-method=normal",
            "--skip-name-resolve",
            "--skip-test-db"));
    return command;
  }

  private static List<String> command(String program) {
    List<String> command = new ArrayList<>(List.of(program, "--no-defaults"));
    ServerProcess.rootArgument().ifPresent(command::add);
    return command;
  }

  private Optional<Path> find(String program) {
    return searchPath.stream()
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
