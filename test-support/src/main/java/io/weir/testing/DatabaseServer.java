package io.weir.testing;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A running server and the account that may create schemas on it.
 *
 * @param origin which of the choices it is, for people
 * @param base JDBC URL without schema and parameters, such as {@code jdbc:mysql://127.0.0.1:3306/}
 * @param parameters of the URL, without credentials; empty when there are none
 * @param stop ends what was started for it; does nothing for a server that was given
 */
record DatabaseServer(
    String origin,
    String base,
    String parameters,
    String username,
    String password,
    Runnable stop) {

  /** The JDBC URL of a schema, without credentials. */
  String url(String schema) {
    return base + schema + (parameters.isEmpty() ? "" : "?" + parameters);
  }

  /** The JDBC URL of a schema, with the account in it. */
  String urlWithCredentials(String schema) {
    String account = "user=" + encode(username) + "&password=" + encode(password);
    return url(schema) + (parameters.isEmpty() ? "?" : "&") + account;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(""), username, password);
  }

  /** Product and version, as the server tells them. */
  String version() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT VERSION()")) {
      row.next();
      String version = row.getString(1);
      return version.contains("MariaDB") ? version : "MySQL " + version;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
