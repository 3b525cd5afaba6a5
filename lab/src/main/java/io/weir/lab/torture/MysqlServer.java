package io.weir.lab.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.lab.cluster.JdbcUrls;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One MySQL of a pair, as an administrator of replication works with it, in MySQL 9.7's words. Each
 * call has a connection of its own, straight to the server.
 */
final class MysqlServer {

  private static final Pattern URL =
      Pattern.compile(
          "(?<server>jdbc:mysql://(?<host>[^:@/?,()]+):(?<port>\\d+)/)(?<schema>[^?`]+)"
              + "(?<more>\\?.*)?");

  private static final String CONNECT_MILLIS = "5000";
  private static final String ANSWER_MILLIS = "60000";
  private static final int LOCK_SECONDS = 30;

  /** What the account needs on the whole server, besides everything in the schema. */
  private static final Set<String> RIGHTS =
      Set.of(
          "RELOAD",
          "REPLICATION CLIENT",
          "REPLICATION SLAVE",
          "REPLICATION_SLAVE_ADMIN",
          "SYSTEM_VARIABLES_ADMIN");

  private final String url;
  private final String serverUrl;
  private final String schema;
  private final String host;
  private final int port;
  private final Map<String, String> parameters;

  /**
   * @param url of a schema, the account in it
   * @throws IllegalArgumentException when it does not name one server and its schema
   */
  MysqlServer(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "with --mysql-replica, URLs are jdbc:mysql://HOST:PORT/SCHEMA?user=USER&password=..., got "
              + JdbcUrls.location(url));
    }
    String more = parts.group("more") == null ? "" : parts.group("more");
    this.url = url;
    this.schema = parts.group("schema");
    this.serverUrl = parts.group("server") + more;
    this.host = parts.group("host");
    this.port = Integer.parseInt(parts.group("port"));
    this.parameters = parameters(more);
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new HashMap<>();
    for (String each :
        text.isEmpty() ? List.<String>of() : List.of(text.substring(1).split("&", -1))) {
      String[] parts = each.split("=", 2);
      parameters.put(parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], UTF_8));
    }
    return parameters;
  }

  /** Of the schema. */
  String url() {
    return url;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /** Without the account. */
  @Override
  public String toString() {
    return JdbcUrls.location(url);
  }

  /**
   * Looks whether it can be one of a pair, and its account administer that.
   *
   * @return its server id
   * @throws LabException when it cannot, with a sentence
   */
  String check() {
    try (Connection connection = connect()) {
      require(connection, "log_bin", "1");
      require(connection, "gtid_mode", "ON");
      require(connection, "enforce_gtid_consistency", "ON");
      require(connection, "log_replica_updates", "1");
      requireRights(connection);
      requireNobodyElse(connection);
      return one(connection, "SELECT @@GLOBAL.server_id");
    } catch (SQLException e) {
      throw notOneOfAPair(e);
    }
  }

  /**
   * Makes sure that its schema is there.
   *
   * @throws LabException when it is not
   */
  void requireSchema() {
    try (Connection connection = connect()) {
      if (!all(connection, "SHOW DATABASES").contains(schema)) {
        throw refused("has no schema " + schema);
      }
    } catch (SQLException e) {
      throw notOneOfAPair(e);
    }
  }

  private LabException notOneOfAPair(SQLException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new LabException(Reason.NOT_REACHABLE, this + " cannot be one of a pair: " + reason);
  }

  private void require(Connection connection, String variable, String wanted) throws SQLException {
    String found = one(connection, "SELECT @@GLOBAL." + variable);
    if (!found.equals(wanted)) {
      throw refused("has " + variable + "=" + found + ", and a pair takes " + variable + "=ON");
    }
  }

  private void requireRights(Connection connection) throws SQLException {
    Set<String> lacking = new TreeSet<>(RIGHTS);
    for (String grant : all(connection, "SHOW GRANTS")) {
      if (grant.contains(" ON *.* TO ")) {
        String rights = grant.substring("GRANT ".length(), grant.indexOf(" ON *.* TO "));
        if (rights.equals("ALL PRIVILEGES")) {
          return;
        }
        for (String right : rights.split(",", -1)) {
          lacking.remove(right.strip());
        }
      }
    }
    if (!lacking.isEmpty()) {
      throw refused(
          "has an account that lacks "
              + String.join(", ", lacking)
              + " on *.*; torture administers the replication of a pair");
    }
  }

  private void requireNobodyElse(Connection connection) throws SQLException {
    List<String> others = new ArrayList<>(all(connection, "SHOW DATABASES"));
    others.removeAll(List.of("mysql", "sys", "information_schema", "performance_schema", schema));
    if (!others.isEmpty()) {
      throw refused(
          "has other schemas than its own ("
              + String.join(", ", others)
              + "); torture resets the binary log and the GTIDs of a pair, so that it takes servers"
              + " of its own");
    }
  }

  private LabException refused(String what) {
    return new LabException(Reason.USAGE, "the server of " + this + " " + what);
  }

  /** Everything that it has committed, as GTIDs. */
  String executed() throws SQLException {
    try (Connection connection = connect()) {
      return executed(connection);
    }
  }

  private static String executed(Connection connection) throws SQLException {
    return one(connection, "SELECT @@GLOBAL.gtid_executed").replace("\n", "");
  }

  /**
   * Waits until it has what another has committed.
   *
   * @return false when it has not in time
   */
  boolean awaits(String gtids, Duration patience) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement wait =
            connection.prepareStatement("SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)")) {
      wait.setString(1, gtids);
      wait.setLong(2, patience.toSeconds());
      try (ResultSet row = wait.executeQuery()) {
        return row.next() && row.getInt(1) == 0;
      }
    }
  }

  /** Whether it takes writes: of anybody, or of its replication alone. */
  void takeWrites(boolean yes) throws SQLException {
    execute(
        yes
            ? List.of("SET GLOBAL super_read_only = OFF", "SET GLOBAL read_only = OFF")
            : List.of("SET GLOBAL super_read_only = ON"));
  }

  /** Receives and applies nothing for a while. */
  void pauseReplication() throws SQLException {
    execute(List.of("STOP REPLICA"));
  }

  void resumeReplication() throws SQLException {
    execute(List.of("START REPLICA"));
  }

  /** Forgets its source, and what it has received and not applied. */
  void endReplication() throws SQLException {
    execute(List.of("STOP REPLICA", "RESET REPLICA ALL"));
  }

  /** Replicates from another, beginning with what it lacks of that one. */
  void replicateFrom(MysqlServer source) throws SQLException {
    takeWrites(false);
    try (Connection connection = connect()) {
      try (PreparedStatement change =
          connection.prepareStatement(
              "CHANGE REPLICATION SOURCE TO SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?,"
                  + " SOURCE_PASSWORD = ?, SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 1,"
                  + " GET_SOURCE_PUBLIC_KEY = 1")) {
        change.setString(1, source.host);
        change.setInt(2, source.port);
        change.setString(3, source.parameters.getOrDefault("user", ""));
        change.setString(4, source.parameters.getOrDefault("password", ""));
        change.execute();
      }
      run(connection, "START REPLICA");
    }
  }

  /** Why its replication does not run; empty while it runs, or where it has no source. */
  String replicationError() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW REPLICA STATUS")) {
      return row.next() ? row.getString("Last_IO_Error") + row.getString("Last_SQL_Error") : "";
    }
  }

  /**
   * Becomes a copy of another: transactions that only this one has are gone, and it can replicate
   * from that one. Its own replication has ended before.
   */
  void becomeCopyOf(MysqlServer source) throws SQLException {
    takeWrites(true);
    try (Connection from = source.connect();
        Connection to = connect()) {
      String executed = source.beginSnapshot(from);
      run(to, "DROP DATABASE IF EXISTS `" + schema + "`");
      run(to, one(from, "SHOW CREATE DATABASE `" + source.schema + "`", 2));
      from.setCatalog(source.schema);
      to.setCatalog(schema);
      for (String table : all(from, "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")) {
        run(to, one(from, "SHOW CREATE TABLE `" + table + "`", 2));
        copyRows(from, to, table);
      }
      from.commit();
      run(to, "RESET BINARY LOGS AND GTIDS");
      try (PreparedStatement purged = to.prepareStatement("SET GLOBAL gtid_purged = ?")) {
        purged.setString(1, executed);
        purged.execute();
      }
    }
  }

  /** Begins a transaction that reads exactly what the GTIDs name which it returns. */
  private String beginSnapshot(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    run(connection, "FLUSH TABLES WITH READ LOCK");
    try {
      connection.setAutoCommit(false);
      run(connection, "START TRANSACTION WITH CONSISTENT SNAPSHOT");
      return executed(connection);
    } finally {
      run(connection, "UNLOCK TABLES");
    }
  }

  private static void copyRows(Connection from, Connection to, String table) throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM `" + table + "`")) {
      int columns = row.getMetaData().getColumnCount();
      String values = String.join(", ", Collections.nCopies(columns, "?"));
      try (PreparedStatement insert =
          to.prepareStatement("INSERT INTO `" + table + "` VALUES (" + values + ")")) {
        while (row.next()) {
          for (int column = 1; column <= columns; column++) {
            insert.setObject(
                column, isBinary(row, column) ? row.getBytes(column) : row.getString(column));
          }
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  private static boolean isBinary(ResultSet row, int column) throws SQLException {
    String type = row.getMetaData().getColumnTypeName(column);
    return type.contains("BINARY") || type.contains("BLOB");
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", CONNECT_MILLIS);
    properties.setProperty("socketTimeout", ANSWER_MILLIS);
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("rewriteBatchedStatements", "true");
    Connection connection = DriverManager.getConnection(serverUrl, properties);
    run(connection, "SET SESSION lock_wait_timeout = " + LOCK_SECONDS);
    return connection;
  }

  private void execute(List<String> statements) throws SQLException {
    try (Connection connection = connect()) {
      for (String each : statements) {
        run(connection, each);
      }
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String one(Connection connection, String sql) throws SQLException {
    return one(connection, sql, 1);
  }

  private static String one(Connection connection, String sql, int column) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("nothing was answered to " + sql);
      }
      return String.valueOf(row.getString(column));
    }
  }

  private static List<String> all(Connection connection, String sql) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        all.add(row.getString(1));
      }
    }
    return all;
  }
}
