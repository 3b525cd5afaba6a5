package io.weir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server process that this JVM started, and the directory that goes with it. */
final class ServerProcess {

  private static final Duration START = Duration.ofMinutes(5);
  private static final Duration STOP = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Process process;
  private final Path log;
  private final Path directory;

  private ServerProcess(Process process, Path log, Path directory) {
    this.process = process;
    this.log = log;
    this.directory = directory;
  }

  /**
   * Runs a server on an initialised data directory, and waits until it answers.
   *
   * @param directory deleted when the server is stopped
   * @param origin for people
   */
  static DatabaseServer serve(
      Path program, boolean mariadb, Path data, Path directory, String origin) throws IOException {
    Path accounts =
        Files.writeString(
            directory.resolve("accounts.sql"),
            """
            CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
            GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
            """);
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults"));
    rootArgument().ifPresent(command::add);
    command.addAll(
        List.of(
            "--datadir=" + data,
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--socket=" + directory.resolve("s"),
            "--pid-file=" + directory.resolve("pid"),
            "--init-file=" + accounts,
            "--skip-name-resolve",
            "--skip-log-bin",
            "--max-allowed-packet=64M",
            "--innodb-flush-log-at-trx-commit=0"));
    if (!mariadb) {
      command.add("--mysqlx=OFF");
    }
    Path log = directory.resolve("server.log");
    ServerProcess server = new ServerProcess(launch(command, log), log, directory);
    DatabaseServer database =
        new DatabaseServer(
            origin, "jdbc:mysql://127.0.0.1:" + port + "/", "", "root", "", server::stop);
    server.awaitAnswer(database);
    return database;
  }

  /** Runs a program to its end; its output goes to the log. */
  static void run(List<String> command, Path log) throws IOException {
    Process process = launch(command, log);
    if (!exits(process, START) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command.getFirst() + " failed: " + tail(log));
    }
  }

  /** What a program prints. */
  static String output(Path program, String argument) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), argument).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Waits until the server answers. */
  private void awaitAnswer(DatabaseServer server) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        server.version();
        return;
      } catch (SQLException e) {
        boolean gone = exits(process, POLL);
        if (gone || System.nanoTime() > deadline) {
          stop();
          throw new IOException((gone ? "it ended: " : "it never answered: ") + tail(log), e);
        }
      }
    }
  }

  private void stop() {
    process.destroy();
    if (!exits(process, STOP)) {
      process.destroyForcibly();
      exits(process, STOP);
    }
    deleteTree(directory);
  }

  /** The argument without which a server refuses to run as root; empty for other users. */
  static Optional<String> rootArgument() {
    return "root".equals(System.getProperty("user.name"))
        ? Optional.of("--user=root")
        : Optional.empty();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteTree(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static boolean exits(Process process, Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }
}
