package io.weir.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What an application does that has no cache to write to: clients that each write one row of 100
 * bytes into MySQL, and wait for its commit. Every client has a connection of its own and a
 * statement that the server has prepared; the keys are drawn evenly from 10,000.
 *
 * <p>The arguments are a JDBC URL with its schema, the number of clients, and for how many seconds
 * they write. Prints rows a second, and all rows.
 */
public final class MysqlUpserts {

  private static final int KEYS = 10_000;

  private MysqlUpserts() {}

  /** Measures once. */
  public static void main(String[] args)
      throws SQLException, InterruptedException, ExecutionException {
    String url = args[0] + (args[0].contains("?") ? "&" : "?") + "useServerPrepStmts=true";
    int clients = Integer.parseInt(args[1]);
    long nanos = (long) (Double.parseDouble(args[2]) * 1e9);
    List<Connection> connections = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int client = 0; client < clients; client++) {
        connections.add(DriverManager.getConnection(url));
      }
      prepare(connections.getFirst());
      long start = System.nanoTime();
      List<Future<Long>> written = new ArrayList<>();
      for (Connection connection : connections) {
        written.add(threads.submit(() -> write(connection, start, nanos)));
      }
      long rows = 0;
      for (Future<Long> each : written) {
        rows += each.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(Locale.ROOT, "%.0f %d%n", rows / seconds, rows);
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  /** Makes the table, and sees to it that a commit is as durable as what it is compared with. */
  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet setting =
          statement.executeQuery("SELECT @@GLOBAL.innodb_flush_log_at_trx_commit")) {
        setting.next();
        if (setting.getInt(1) != 1) {
          throw new SQLException(
              "innodb_flush_log_at_trx_commit must be 1, as by default, and is "
                  + setting.getInt(1));
        }
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS upserts (k VARBINARY(64) PRIMARY KEY, v VARBINARY(1000))");
    }
  }

  private static long write(Connection connection, long start, long nanos) throws SQLException {
    byte[] value = new byte[100];
    Arrays.fill(value, (byte) 'x');
    long rows = 0;
    try (PreparedStatement upsert =
        connection.prepareStatement(
            "INSERT INTO upserts (k, v) VALUES (?, ?) AS given ON DUPLICATE KEY UPDATE v = given.v")) {
      while (System.nanoTime() - start < nanos) {
        upsert.setString(1, "key:" + ThreadLocalRandom.current().nextInt(KEYS));
        value[0] = (byte) rows; // A row that stays as it is would not be written.
        upsert.setBytes(2, value);
        upsert.executeUpdate();
        rows++;
      }
    }
    return rows;
  }
}
