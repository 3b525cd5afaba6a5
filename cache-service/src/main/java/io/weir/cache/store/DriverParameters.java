package io.weir.cache.store;

import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the MySQL driver makes of a URL: asked of the driver itself, since a parameter may be
 * percent-encoded, stand beside its host, or come from a set that the URL names.
 *
 * <p>Refused is what loses writes or hides rows without a word. What merely fails, or is slow,
 * shows by itself.
 */
final class DriverParameters {

  /** In what the driver tells of a URL only when it names one server. */
  private static final String HOST = "host";

  /**
   * A parameter that must have a value.
   *
   * @param values all that will do
   * @param reason completes "must not set ...: "
   */
  private record Rule(String name, Set<String> values, String reason) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule("useAffectedRows", Set.of("false"), "the fence counts matched rows"),
          new Rule(
              "jdbcCompliantTruncation",
              Set.of("true"),
              "a value too long for its column would be cut, and called flushed"),
          new Rule("maxRows", Set.of("-1", "0"), "rows would be missing from what is read"),
          new Rule(
              "useLocalTransactionState",
              Set.of("false"),
              "behind a proxy the driver can leave the commit of a flush out"));

  private DriverParameters() {}

  /**
   * Looks at the URL of a MySQL or MariaDB server.
   *
   * @param location the URL as messages may have it
   * @throws IllegalArgumentException with a sentence, when the driver would do what must not be
   */
  static void check(String url, String location) {
    Map<String, String> parameters = parameters(url, location);
    if (!parameters.containsKey(HOST)) {
      throw new IllegalArgumentException(
          "weir.database.url must be jdbc:mysql://HOST/SCHEMA with one host, got "
              + location
              + ": a driver that balances, replicates or fails over by itself may read from"
              + " another server than it writes to; name one address that leads to the primary");
    }
    for (Rule rule : RULES) {
      String value = parameters.get(rule.name);
      if (value != null && !rule.values.contains(value)) {
        throw new IllegalArgumentException(
            "weir.database.url must not set %s=%s: %s; leave the parameter out"
                .formatted(rule.name, value, rule.reason));
      }
    }
  }

  private static Map<String, String> parameters(String url, String location) {
    try {
      DriverPropertyInfo[] known =
          DriverManager.getDriver(url).getPropertyInfo(url, new Properties());
      return Arrays.stream(known)
          .filter(one -> one.value != null)
          .collect(Collectors.toMap(one -> one.name, one -> one.value, (one, other) -> other));
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "weir.database.url: the driver does not take %s: %s".formatted(location, e.getMessage()),
          e);
    }
  }
}
