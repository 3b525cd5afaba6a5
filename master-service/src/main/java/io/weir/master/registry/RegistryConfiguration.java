package io.weir.master.registry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.weir.model.DatabaseLocation;
import io.weir.web.DataDirectory;
import io.weir.web.Secrets;
import io.weir.web.StartupRefusedException;
import io.weir.web.pool.LostSessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Connects the registry with its database. */
@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

  private static final Logger log = LoggerFactory.getLogger(RegistryConfiguration.class);
  private static final int H2_FILE_IS_LOCKED = 90020;

  /** The pool; returned once the database has answered. */
  @Bean
  HikariDataSource dataSource(DatabaseSettings settings) {
    Path folder = RegistryUrl.folder(settings.url());
    if (folder != null) {
      DataDirectory.prepare("The folder of the registry's file", folder);
    }
    HikariDataSource pool = new HikariDataSource(pool(settings));
    try {
      awaitDatabase(pool, settings);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
    return pool;
  }

  @Bean
  @DependsOnDatabaseInitialization
  Registry registry(
      DataSource dataSource, PlatformTransactionManager transactions, MasterSettings settings)
      throws SQLException {
    DatabaseClock clock;
    try (Connection connection = dataSource.getConnection()) {
      clock = DatabaseClock.of(connection.getMetaData().getDatabaseProductName());
    }
    Registry registry = registry(dataSource, transactions, clock, settings);
    RegistryState state = registry.current();
    Founding founding = state.founding();
    String waiting = registry.waiting(state);
    if (waiting != null) {
      log.warn(waiting);
    }
    if (founding != null && founding.shards() != settings.shards()) {
      log.warn(
          "weir.master.shards is {}, but this cluster has {} shards; the setting is for new clusters",
          settings.shards(),
          founding.shards());
    }
    return registry;
  }

  static Registry registry(
      DataSource dataSource,
      PlatformTransactionManager transactions,
      DatabaseClock clock,
      MasterSettings settings) {
    TransactionTemplate transaction = new TransactionTemplate(transactions);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    JdbcClient jdbc = JdbcClient.create(dataSource);
    StatusStore status = new StatusStore(jdbc, clock, settings.events(), System::nanoTime);
    return new Registry(
        new RegistryStore(jdbc, transaction, clock, status),
        status,
        new RegistrationRules(
            settings.shards(), settings.found(), settings.completeAdopted(), settings.lease()),
        settings.lease());
  }

  private static HikariConfig pool(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    String url = RegistryUrl.complete(settings.url());
    config.setPoolName("registry");
    config.setExceptionOverride(new LostSessions());
    config.setJdbcUrl(url);
    String username = settings.username();
    config.setUsername(username == null ? RegistryUrl.account(url) : username);
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setConnectionTimeout(settings.connectTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    String lower = url.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("jdbc:h2:") && !lower.contains("sockettimeout")) {
      // A database host that vanishes must not hold a connection, and its request, for ever.
      config.addDataSourceProperty(
          "socketTimeout", Math.multiplyExact(4, (int) settings.connectTimeout().toMillis()));
    }
    return config;
  }

  private static void awaitDatabase(HikariDataSource pool, DatabaseSettings settings) {
    long pauseNanos = Duration.ofSeconds(1).toNanos();
    for (long tries = 1 + settings.startTimeout().toSeconds(); ; tries--) {
      try (Connection connection = pool.getConnection()) {
        DatabaseClock.of(connection.getMetaData().getDatabaseProductName());
        return;
      } catch (SQLException e) {
        SQLException cause = deepest(e);
        if (tries <= 1 || isFinal(cause)) {
          throw new StartupRefusedException(
              "The registry database "
                  + Secrets.withoutAccounts(pool.getJdbcUrl())
                  + " cannot be opened: "
                  + reason(cause, settings),
              e);
        }
        log.warn("The registry database does not answer yet: {}", reason(cause, settings));
        LockSupport.parkNanos(pauseNanos);
      }
    }
  }

  /** A driver that does not understand a URL quotes it, and a password with it. */
  private static String reason(SQLException cause, DatabaseSettings settings) {
    return DatabaseLocation.isUnderstood(settings.url())
        ? String.valueOf(cause.getMessage())
        : "it cannot be read, or names several hosts; an account and a password that"
            + " weir.master.database.url holds must be percent-encoded, or stand in"
            + " weir.master.database.username and weir.master.database.password";
  }

  /** Tells whether waiting cannot help: a wrong password, or a file that another process holds. */
  private static boolean isFinal(SQLException e) {
    return e.getErrorCode() == H2_FILE_IS_LOCKED
        || (e.getSQLState() != null && e.getSQLState().startsWith("28"));
  }

  private static SQLException deepest(SQLException failure) {
    SQLException found = failure;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        found = sql;
      }
    }
    return found;
  }
}
