package io.weir.cache.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The schema of the shard's database: brought up to date at the start, or refused. */
final class ShardSchema {

  private static final Logger log = LoggerFactory.getLogger(ShardSchema.class);

  /** A name of our own, so that another application's history is not taken for this one's. */
  private static final String HISTORY = "weir_shard_history";

  private static final int MYSQL_ACCESS_DENIED_TO_DATABASE = 1044;
  private static final int MYSQL_UNKNOWN_DATABASE = 1049;
  private static final int H2_ALREADY_IN_USE = 90020;
  private static final int H2_NO_SUCH_DATABASE = 90149;

  /** Each node that is faster costs a try; they are few, and start together rarely. */
  private static final int TRIES = 5;

  /** SQLState of a table that is there already. */
  private static final String TABLE_EXISTS = "42S01";

  private static final List<String> H2_LOCK =
      List.of(
          "CREATE SCHEMA IF NOT EXISTS weir_migration",
          "CREATE TABLE IF NOT EXISTS weir_migration.turn"
              + " (one TINYINT PRIMARY KEY, taken INT NOT NULL)",
          "MERGE INTO weir_migration.turn (one, taken) KEY (one) VALUES (1, 0)");

  /** Half a minute in all: what it waits for is another session that does the same. */
  private static final int H2_LOCK_TRIES = 600;

  private static final Duration H2_LOCK_PAUSE = Duration.ofMillis(50);

  /** Longer than the nodes that start together take one after the other. */
  private static final Duration H2_LONGEST_MIGRATION = Duration.ofMinutes(2);

  private static final String SILENT = "does not answer";

  private final DatabaseUrl url;
  private final DataSource dataSource;

  ShardSchema(DatabaseSettings settings, DatabaseUrl url) {
    this.url = url;
    this.dataSource = ConnectionPools.unpooled(settings, url);
  }

  /**
   * Creates or upgrades the tables.
   *
   * @throws UnusableDatabaseException with a sentence that says what is wrong
   */
  void migrate() {
    // Held open throughout, so that an H2 database in memory survives the migration's connections.
    try (Connection connection = dataSource.getConnection()) {
      migrateBesideOthers(connection);
      if (url.dialect() == DatabaseUrl.Dialect.MYSQL) {
        new ServerCheck(url).run(connection);
      }
    } catch (SQLException e) {
      throw new UnusableDatabaseException(
          "weir.database.url: the database at %s %s".formatted(url, reason(e)), e, isAway(e));
    } catch (FlywayException e) {
      SQLException cause = SqlFailures.sqlCause(e);
      boolean isLost =
          cause != null && cause.getSQLState() != null && cause.getSQLState().startsWith("08");
      throw new UnusableDatabaseException(
          "weir.database.url: the database at %s %s".formatted(url, reason(e)), e, isLost);
    }
  }

  /**
   * Migrates while no other node does. On MySQL and MariaDB Flyway's own lock sees to that. On H2
   * it does not, since each CREATE TABLE commits and so ends it, and who comes second leaves a
   * failed migration behind: there a row is locked besides, in a schema that Flyway does not look
   * at.
   */
  private void migrateBesideOthers(Connection connection) throws SQLException {
    if (url.dialect() != DatabaseUrl.Dialect.H2) {
      migrateTables();
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCK_TIMEOUT " + H2_LONGEST_MIGRATION.toMillis());
      createLock(statement);
      connection.setAutoCommit(false);
      statement.executeUpdate("UPDATE weir_migration.turn SET taken = 1");
      migrateTables();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Migrates, and looks again when another node was faster all the same. */
  private void migrateTables() {
    Flyway flyway =
        Flyway.configure()
            .dataSource(dataSource)
            .locations("classpath:db/migration")
            .table(HISTORY)
            .load();
    for (int triesLeft = TRIES; ; triesLeft--) {
      try {
        flyway.migrate();
        return;
      } catch (FlywayException e) {
        if (triesLeft == 1 || !isOvertaken(e)) {
          throw e;
        }
        log.debug("another node migrates the database at {}", url, e);
      }
    }
  }

  /** Whether a row or table was there already that was not a moment before. */
  private static boolean isOvertaken(FlywayException e) {
    SQLException cause = SqlFailures.sqlCause(e);
    String state = cause == null || cause.getSQLState() == null ? "" : cause.getSQLState();
    return state.startsWith("23") || state.equals(TABLE_EXISTS);
  }

  /**
   * Makes the row that is locked. H2 fails in several ways, "General error" among them, when two
   * sessions make the same schema or table, IF NOT EXISTS or not; so what matters is that the row
   * is there in the end.
   */
  private static void createLock(Statement statement) throws SQLException {
    for (int triesLeft = H2_LOCK_TRIES; ; triesLeft--) {
      try {
        for (String sql : H2_LOCK) {
          statement.execute(sql);
        }
        return;
      } catch (SQLException e) {
        if (triesLeft == 1) {
          throw e;
        }
        LockSupport.parkNanos(H2_LOCK_PAUSE.toNanos());
      }
    }
  }

  /** Whether it does not answer, rather than refuse. */
  private static boolean isAway(SQLException e) {
    return reason(e).startsWith(SILENT);
  }

  private static String reason(FlywayException e) {
    if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
      return "holds tables that are not a Weir shard's; name an empty schema of its own";
    }
    if (e.getErrorCode() == CoreErrorCode.VALIDATE_ERROR) {
      return "holds another version's tables: " + firstLines(e.getMessage());
    }
    SQLException cause = SqlFailures.sqlCause(e);
    return cause == null
        ? "could not be brought up to date: " + firstLines(e.getMessage())
        : "could not be brought up to date: " + firstLines(cause.getMessage());
  }

  private static String reason(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String what =
        switch (e.getErrorCode()) {
          case MYSQL_UNKNOWN_DATABASE, H2_NO_SUCH_DATABASE -> "does not exist; create it first";
          case MYSQL_ACCESS_DENIED_TO_DATABASE -> "is closed to this account; grant it access";
          case H2_ALREADY_IN_USE ->
              "is in use by another process; stop that, or set weir.database.url or weir.data-dir";
          default ->
              state.startsWith("28")
                  ? "refuses the account; check weir.database.username and weir.database.password"
                  : SILENT + "; check weir.database.url, or start it";
        };
    return what + " (" + firstLines(e.getMessage()) + ")";
  }

  private static String firstLines(@Nullable String message) {
    return String.join(" ", String.valueOf(message).strip().lines().limit(3).toList());
  }
}
