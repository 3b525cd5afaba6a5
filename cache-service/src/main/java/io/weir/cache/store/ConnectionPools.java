package io.weir.cache.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.weir.web.pool.LostSessions;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * How connections to the shard's database are made and pooled: many that read, few that write.
 *
 * <p>A writing session gives up on a locked row soon, and is ended by the database when it falls
 * silent: a leader that stopped inside a transaction must not hold the fence from its successor.
 */
final class ConnectionPools {

  /** The least that the pool allows. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  private ConnectionPools() {}

  static HikariDataSource reads(DatabaseSettings settings, DatabaseUrl url) {
    HikariConfig config = config("weir-reads", settings);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(1);
    config.setIdleTimeout(Duration.ofMinutes(5).toMillis());
    config.setJdbcUrl(
        switch (url.dialect()) {
          // One statement a connection, prepared once, its result in binary form.
          case MYSQL ->
              timed(settings, url)
                  .with("useServerPrepStmts", "true")
                  .with("cachePrepStmts", "true")
                  .text();
          case H2 -> timed(settings, url).text();
        });
    return new HikariDataSource(config);
  }

  /** Makes a session for each time that one is asked for. */
  static DataSource unpooled(DatabaseSettings settings, DatabaseUrl url) {
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
    config.setConnectionInitSql(
        switch (url.dialect()) {
          case MYSQL ->
              "SET SESSION wait_timeout = %d, innodb_lock_wait_timeout = %d"
                  .formatted(
                      settings.idleTransactionTimeout().toSeconds(),
                      settings.lockTimeout().toSeconds());
          case H2 -> "SET LOCK_TIMEOUT " + settings.lockTimeout().toMillis();
        });
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
