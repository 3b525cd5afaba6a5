package io.weir.cache.store;

import io.weir.model.DatabaseLocation;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC URL of MySQL (or MariaDB, by the same driver) or H2, with the parameters that correctness
 * asks for.
 *
 * @param dialect which of the two
 * @param text the URL
 */
record DatabaseUrl(Dialect dialect, String text) {

  /** The two families of servers, and how each writes a URL. */
  enum Dialect {
    MYSQL('?', '&'),
    H2(';', ';');

    private final char first;
    private final char next;

    Dialect(char first, char next) {
      this.first = first;
      this.next = next;
    }
  }

  /**
   * Reads a URL and completes it.
   *
   * @throws IllegalArgumentException when it is of another kind, or asks for what loses writes
   */
  static DatabaseUrl parse(String text) {
    if (text.startsWith("jdbc:mysql:") || text.startsWith("jdbc:mysql+")) {
      requireUnderstood(text);
      DriverParameters.check(text, DatabaseLocation.of(text));
      return new DatabaseUrl(Dialect.MYSQL, text);
    }
    if (text.startsWith("jdbc:h2:")) {
      DatabaseUrl url =
          new DatabaseUrl(Dialect.H2, text)
              .require("MODE", "MySQL", "Weir's SQL is MySQL's")
              .require("DATABASE_TO_LOWER", "TRUE", "the tables have lower-case names")
              .require(
                  "WRITE_DELAY", "0", "without it a kill loses commits that were acknowledged");
      // In process, H2 would close the database in a shutdown hook of its own, before the last
      // flush.
      return url.isRemote() ? url : url.with("DB_CLOSE_ON_EXIT", "FALSE");
    }
    throw new IllegalArgumentException(
        "weir.database.url starts with jdbc:mysql: (MySQL and MariaDB) or jdbc:h2:, got '"
            + DatabaseLocation.of(text)
            + "'");
  }

  /** The same URL with a parameter, unless it has that already. */
  DatabaseUrl with(String name, String value) {
    if (value(name) != null) {
      return this;
    }
    char last = text.charAt(text.length() - 1);
    boolean open = last == dialect.first || last == dialect.next;
    char separator = text.indexOf(dialect.first) < 0 ? dialect.first : dialect.next;
    return new DatabaseUrl(dialect, text + (open ? "" : separator) + name + "=" + value);
  }

  /** The URL without parameters and account, for messages. */
  String location() {
    return DatabaseLocation.of(text);
  }

  private boolean isRemote() {
    return text.startsWith("jdbc:h2:tcp:") || text.startsWith("jdbc:h2:ssl:");
  }

  private DatabaseUrl require(String name, String value, String reason) {
    String given = value(name);
    if (given != null && !given.equalsIgnoreCase(value)) {
      throw new IllegalArgumentException(
          "weir.database.url must have %s=%s (%s), got %s=%s"
              .formatted(name, value, reason, name, given));
    }
    return with(name, value);
  }

  private @Nullable String value(String name) {
    int start = text.indexOf(dialect.first);
    if (start < 0) {
      return null;
    }
    for (String parameter :
        text.substring(start + 1).split(Pattern.quote(String.valueOf(dialect.next)), -1)) {
      int equals = parameter.indexOf('=');
      if (equals >= 0 && parameter.substring(0, equals).strip().equalsIgnoreCase(name)) {
        return parameter.substring(equals + 1).strip();
      }
    }
    return null;
  }

  /** The driver would refuse it too, with a message that may show a password. */
  private static void requireUnderstood(String text) {
    if (!DatabaseLocation.isUnderstood(text)) {
      throw new IllegalArgumentException(
          "weir.database.url cannot be read: it must be jdbc:mysql://HOST[:PORT]/SCHEMA with one host, got "
              + DatabaseLocation.of(text)
              + "; an account and a password that it holds must be percent-encoded, or stand in"
              + " weir.database.username and weir.database.password");
    }
  }

  @Override
  public String toString() {
    return location();
  }
}
