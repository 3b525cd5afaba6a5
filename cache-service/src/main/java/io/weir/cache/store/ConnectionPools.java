package io.weir.cache.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.weir.web.pool.LostSessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * How connections to the shard's database are made and pooled: many that read, few that write.
 *
 * <p>A writing session gives up on a locked row soon, and is ended by the database when it falls
 * silent: a leader that stopped inside a transaction must not hold the fence from its successor.
 *
 * <p>What a session does ends in the database before it is given up here. MySQL looks at a
 * connection only between two statements: one that is given up while its statement waits stays
 * there, and the pool makes another. So a session waits for no table as long as the socket
 * time-out, and reads for no longer than that in all.
 */
final class ConnectionPools {

  /** The least that the pool allows. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  private static final Duration LONGEST_IDLE = Duration.ofMinutes(5);

  /** Of the pool; no use where sessions do not get so old. */
  private static final Duration KEEPALIVE = Duration.ofMinutes(2);

  private ConnectionPools() {}

  static HikariDataSource reads(DatabaseSettings settings, DatabaseUrl url) {
    HikariConfig config = config("weir-reads", settings);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setIdleTimeout(LONGEST_IDLE.toMillis());
    switch (url.dialect()) {
      case MYSQL -> {
        // One statement a connection, prepared once, its result in binary form.
        config.setJdbcUrl(
            timed(settings, url)
                .with("useServerPrepStmts", "true")
                .with("cachePrepStmts", "true")
                .text());
        config.setConnectionInitSql(waits(settings) + readTime(settings));
        boundLives(config, settings.sessionLifetime());
      }
      case H2 -> config.setJdbcUrl(timed(settings, url).text());
    }
    return new HikariDataSource(config);
  }

  /** Makes a session for each time that one is asked for. */
  static DataSource unpooled(DatabaseSettings settings, DatabaseUrl url) {
    DriverManagerDataSource sessions = plain(settings, url);
    return switch (url.dialect()) {
      case MYSQL ->
          new DelegatingDataSource(sessions) {
            @Override
            public Connection getConnection() throws SQLException {
              Connection connection = super.getConnection();
              try (Statement statement = connection.createStatement()) {
                statement.execute(waits(settings));
              } catch (SQLException e) {
                connection.close();
                throw e;
              }
              return connection;
            }
          };
      case H2 -> sessions;
    };
  }

  private static DriverManagerDataSource plain(DatabaseSettings settings, DatabaseUrl url) {
    DriverManagerDataSource sessions = new DriverManagerDataSource(timed(settings, url).text());
    if (settings.username() != null) {
      sessions.setUsername(settings.username());
    }
    if (settings.password() != null) {
      sessions.setPassword(settings.password());
    }
    return sessions;
  }

  static FlushPool writes(DatabaseSettings settings, DatabaseUrl url) {
    HikariConfig config = config("weir-flush", settings);
    config.setMaximumPoolSize(settings.flushPoolSize());
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE.toMillis());
    config.setAutoCommit(false);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setJdbcUrl(timed(settings, url).text());
    switch (url.dialect()) {
      case MYSQL -> {
        config.setConnectionInitSql(
            waits(settings)
                + ", wait_timeout = %d, innodb_lock_wait_timeout = %d"
                    .formatted(
                        settings.idleTransactionTimeout().toSeconds(),
                        settings.lockTimeout().toSeconds()));
        boundLives(config, settings.sessionLifetime());
      }
      case H2 ->
          config.setConnectionInitSql("SET LOCK_TIMEOUT " + settings.lockTimeout().toMillis());
    }
    return new FlushPool(config, settings.idleTransactionTimeout(), System::nanoTime);
  }

  /**
   * The URL with bounds on every wait for the network. H2 forgets the mode that the URL names when
   * a database is closed while it is being opened, so each session sets it once more.
   */
  static DatabaseUrl timed(DatabaseSettings settings, DatabaseUrl url) {
    long socketMillis = settings.socketTimeout().toMillis();
    return switch (url.dialect()) {
      case MYSQL ->
          url.with("connectTimeout", Long.toString(settings.connectTimeout().toMillis()))
              .with("socketTimeout", Long.toString(socketMillis))
              .with("tcpKeepAlive", "true");
      case H2 ->
          url.with("NETWORK_TIMEOUT", Long.toString(socketMillis)).with("INIT", "SET MODE MySQL");
    };
  }

  /** Bounds the wait for a table. */
  private static String waits(DatabaseSettings settings) {
    return "SET SESSION lock_wait_timeout = " + LockWaits.forTable(settings).toSeconds();
  }

  /** Goes on with how long a SELECT may take; MySQL and MariaDB each skip the other's words. */
  private static String readTime(DatabaseSettings settings) {
    long millis = Math.max(1, settings.socketTimeout().toMillis() * 9 / 10);
    return " /*!80000 , max_execution_time = %d */ /*M!100100 , max_statement_time = %d.%03d */"
        .formatted(millis, millis / 1_000, millis % 1_000);
  }

  /**
   * A server whose settings, grants or role have changed is seen by new sessions alone. Not for H2,
   * which closes the file when the last session goes.
   */
  private static void boundLives(HikariConfig config, Duration lifetime) {
    config.setMaxLifetime(lifetime.toMillis());
    config.setIdleTimeout(Math.min(config.getIdleTimeout(), lifetime.dividedBy(2).toMillis()));
    if (lifetime.compareTo(KEEPALIVE) <= 0) {
      config.setKeepaliveTime(0);
    }
  }

  private static HikariConfig config(String name, DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setExceptionOverride(new LostSessions());
    config.setUsername(settings.username());
    config.setPassword(settings.password());
    config.setConnectionTimeout(settings.poolTimeout().toMillis());
    config.setValidationTimeout(settings.poolTimeout().toMillis());
    // The first connection is made by the schema's migration, which says better what is wrong.
    config.setInitializationFailTimeout(-1);
    return config;
  }
}
