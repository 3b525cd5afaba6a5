package io.weir.lab.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the MySQL servers of some schemas count themselves, of all their clients: the statements
 * that they have executed, by kind. A server with several of the schemas is asked once.
 */
final class MysqlCounters {

  private static final String COUNTED =
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_commit', 'Com_insert', 'Com_update',"
          + " 'Com_replace', 'Com_delete', 'Com_select')";

  private static final List<String> KINDS =
      List.of("commit", "insert", "update", "replace", "delete", "select");

  private final List<String> urls;

  /**
   * @param urls of the schemas, with their accounts
   */
  MysqlCounters(List<String> urls) {
    this.urls = urls;
  }

  /**
   * Statements by kind.
   *
   * @param servers that counted them
   */
  record Count(int servers, Map<String, Long> statements) {

    static Count sum(Collection<Map<String, Long>> servers) {
      Map<String, Long> sum = new LinkedHashMap<>();
      for (String kind : KINDS) {
        sum.put(kind, servers.stream().mapToLong(each -> each.getOrDefault(kind, 0L)).sum());
      }
      return new Count(servers.size(), sum);
    }

    Count since(Count earlier) {
      Map<String, Long> difference = new LinkedHashMap<>();
      statements.forEach(
          (kind, count) -> difference.put(kind, count - earlier.statements.getOrDefault(kind, 0L)));
      return new Count(servers, difference);
    }

    @Override
    public String toString() {
      return statements.entrySet().stream()
          .map(each -> String.format(Locale.ROOT, "%s %,d", each.getKey(), each.getValue()))
          .collect(Collectors.joining(", "));
    }
  }

  /** Reads them. */
  Count now() throws SQLException {
    Map<String, Map<String, Long>> byServer = new LinkedHashMap<>();
    for (String url : urls) {
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        String server = server(statement);
        if (!byServer.containsKey(server)) {
          byServer.put(server, read(statement));
        }
      }
    }
    return Count.sum(byServer.values());
  }

  /** What tells a server from others, under whichever address it is asked. */
  private static String server(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT @@hostname, @@port, @@datadir")) {
      row.next();
      return row.getString(1) + " " + row.getString(2) + " " + row.getString(3);
    }
  }

  private static Map<String, Long> read(Statement statement) throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    try (ResultSet rows = statement.executeQuery(COUNTED)) {
      while (rows.next()) {
        String kind = rows.getString(1).toLowerCase(Locale.ROOT).replaceFirst("^com_", "");
        counts.put(kind, rows.getLong(2));
      }
    }
    return counts;
  }
}
