package io.weir.cache.store;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which database holds the shard's rows, and how long to wait for it.
 *
 * @param url JDBC URL of the shard's own schema, {@code jdbc:mysql:} (MySQL and MariaDB) or {@code
 *     jdbc:h2:}. Default: an H2 file in the data directory, in this process.
 * @param username account; default: what the URL says
 * @param password of the account; default: what the URL says
 * @param poolSize most connections that read. More allow more misses at a time, and cost the
 *     database memory.
 * @param flushPoolSize most connections that write. The fence lets one transaction through at a
 *     time, so more than two gain nothing.
 * @param connectTimeout longest wait for a TCP connection
 * @param poolTimeout longest wait for a free connection of a pool, at least 250ms. While the
 *     database is away every miss waits for so long before it is answered with 503.
 * @param socketTimeout longest wait for an answer to one statement; then the connection is given up
 * @param lockTimeout longest wait for a row or a table that another transaction holds, in whole
 *     seconds; below the socket time-out. For a table it is a third of that at most.
 * @param idleTransactionTimeout how long the database lets a writing session be silent before it
 *     ends it, in whole seconds: a leader that stops in the middle of a transaction keeps its
 *     successor waiting for so long
 * @param sessionLifetime how long a session with MySQL or MariaDB is used, 30s or more: changes at
 *     the server that only new sessions see are seen within it
 */
@ConfigurationProperties("weir.database")
public record DatabaseSettings(
    @Nullable String url,
    @Nullable String username,
    @Nullable String password,
    @DefaultValue("16") int poolSize,
    @DefaultValue("2") int flushPoolSize,
    @DefaultValue("3s") Duration connectTimeout,
    @DefaultValue("1s") Duration poolTimeout,
    @DefaultValue("15s") Duration socketTimeout,
    @DefaultValue("5s") Duration lockTimeout,
    @DefaultValue("10s") Duration idleTransactionTimeout,
    @DefaultValue("1m") Duration sessionLifetime) {

  private static final int MOST_CONNECTIONS = 1_000;

  /** Rejects what cannot work, with a sentence. */
  public DatabaseSettings {
    if (url != null) {
      DatabaseUrl.parse(url);
    }
    requireConnections("pool-size", poolSize);
    requireConnections("flush-pool-size", flushPoolSize);
    requireTime("connect-timeout", connectTimeout, Duration.ofMillis(1));
    requireTime("pool-timeout", poolTimeout, Duration.ofMillis(250));
    requireTime("socket-timeout", socketTimeout, Duration.ofMillis(1));
    requireSeconds("lock-timeout", lockTimeout);
    requireSeconds("idle-transaction-timeout", idleTransactionTimeout);
    // The least that the pool takes.
    requireTime("session-lifetime", sessionLifetime, Duration.ofSeconds(30));
    if (lockTimeout.compareTo(socketTimeout) >= 0) {
      throw new IllegalArgumentException(
          "weir.database.lock-timeout must be below weir.database.socket-timeout (%s), got %s"
              .formatted(text(socketTimeout), text(lockTimeout)));
    }
  }

  /** These settings with an H2 file of this process's own, when they name no database. */
  DatabaseSettings orInProcess(Path dataDirectory) {
    if (url != null) {
      return this;
    }
    String file = dataDirectory.toAbsolutePath().normalize().resolve("shard").toString();
    if (file.indexOf(';') >= 0) {
      throw new IllegalArgumentException(
          "weir.data-dir must not contain ';' when no weir.database.url is set, got " + file);
    }
    return at("jdbc:h2:file:" + file, "sa", "");
  }

  /** These settings for another database. */
  public DatabaseSettings at(String url, @Nullable String username, @Nullable String password) {
    return new DatabaseSettings(
        url,
        username,
        password,
        poolSize,
        flushPoolSize,
        connectTimeout,
        poolTimeout,
        socketTimeout,
        lockTimeout,
        idleTransactionTimeout,
        sessionLifetime);
  }

  /** Everything but the password, and the URL without its parameters. */
  @Override
  public String toString() {
    String location = url == null ? "in process" : DatabaseUrl.parse(url).location();
    return "DatabaseSettings[%s, username=%s, poolSize=%d, flushPoolSize=%d]"
        .formatted(location, username, poolSize, flushPoolSize);
  }

  private static void requireConnections(String name, int value) {
    if (value < 1 || value > MOST_CONNECTIONS) {
      throw new IllegalArgumentException(
          "weir.database.%s is 1 to %d, got %d".formatted(name, MOST_CONNECTIONS, value));
    }
  }

  private static void requireTime(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "weir.database.%s is %s to 1h, got %s".formatted(name, text(least), text(value)));
    }
  }

  private static void requireSeconds(String name, Duration value) {
    requireTime(name, value, Duration.ofSeconds(1));
    if (!isWholeSeconds(value)) {
      throw new IllegalArgumentException(
          "weir.database.%s is a whole number of seconds, got %s".formatted(name, text(value)));
    }
  }

  private static String text(Duration value) {
    return isWholeSeconds(value) ? value.toSeconds() + "s" : value.toMillis() + "ms";
  }

  private static boolean isWholeSeconds(Duration value) {
    return value.equals(Duration.ofSeconds(value.toSeconds()));
  }
}
