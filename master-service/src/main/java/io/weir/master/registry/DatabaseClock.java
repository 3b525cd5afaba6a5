package io.weir.master.registry;

import io.weir.web.StartupRefusedException;
import java.util.Locale;

/**
 * The registry database's own clock, as the SQL expression for its milliseconds since 1970. Leases
 * are set and compared by it, so that the clocks and time zones of the masters do not matter.
 */
enum DatabaseClock {
  MYSQL("(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)"),
  H2(
      "DATEDIFF(MILLISECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00:00',"
          + " CURRENT_TIMESTAMP(3))");

  private final String now;

  DatabaseClock(String now) {
    this.now = now;
  }

  /**
   * @throws StartupRefusedException when the product is none that the registry knows
   */
  static DatabaseClock of(String databaseProduct) {
    return switch (databaseProduct.toLowerCase(Locale.ROOT)) {
      case "mysql", "mariadb" -> MYSQL;
      case "h2" -> H2;
      default ->
          throw new StartupRefusedException(
              "The registry database is "
                  + databaseProduct
                  + "; the registry works with MySQL, MariaDB and H2.");
    };
  }

  String now() {
    return now;
  }
}
