package io.weir.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server that the environment names. It is not one choice among others: when it is set and does
 * not answer, nothing else is tried.
 */
final class GivenServer implements ServerChoice {

  /** Environment variable, or system property, with a JDBC URL that carries the account. */
  static final String SETTING = "WEIR_TEST_MYSQL_URL";

  private static final String PREFIX = "jdbc:mysql://";

  private final @Nullable String url;

  GivenServer(@Nullable String url) {
    this.url = url;
  }

  /** What the machine has set; null when it has nothing set. */
  static @Nullable String setting() {
    String property = System.getProperty(SETTING);
    String value = property == null ? System.getenv(SETTING) : property;
    return value == null || value.isBlank() ? null : value.strip();
  }

  @Override
  public String requirement() {
    return SETTING + "=jdbc:mysql://HOST:PORT/?user=USER&password=PASSWORD";
  }

  @Override
  public DatabaseServer start() throws NotHereException {
    if (url == null) {
      throw new NotHereException("not set");
    }
    DatabaseServer server = parse(url);
    try {
      server.version();
    } catch (SQLException e) {
      throw new IllegalStateException(
          SETTING + " names " + server.base() + ", which does not answer: " + e.getMessage(), e);
    }
    return server;
  }

  /** Takes the account and the schema, if there is one, out of the URL. */
  static DatabaseServer parse(String url) {
    int path = url.indexOf('/', PREFIX.length());
    if (!url.startsWith(PREFIX) || path < 0) {
      throw new IllegalStateException(
          SETTING + " has the form jdbc:mysql://HOST:PORT/?user=USER, got a URL of another form");
    }
    int query = url.indexOf('?');
    String username = "root";
    String password = "";
    List<String> parameters = new ArrayList<>();
    for (String parameter : query < 0 ? new String[0] : url.substring(query + 1).split("&", -1)) {
      if (parameter.startsWith("user=")) {
        username = decode(parameter.substring("user=".length()));
      } else if (parameter.startsWith("password=")) {
        password = decode(parameter.substring("password=".length()));
      } else if (!parameter.isEmpty()) {
        parameters.add(parameter);
      }
    }
    return new DatabaseServer(
        SETTING,
        url.substring(0, path + 1),
        String.join("&", parameters),
        username,
        password,
        () -> {});
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
