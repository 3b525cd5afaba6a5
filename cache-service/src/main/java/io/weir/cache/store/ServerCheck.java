package io.weir.cache.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a MySQL or MariaDB server must be like for a flush to work and to last. A server that only
 * refuses to be written to, as a read-only one, passes: that may end while Weir serves.
 */
final class ServerCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

  /** What InnoDB says under READ COMMITTED when the binary log takes statements. */
  private static final int STATEMENT_LOG = 1665;

  /** Changes nothing: there is no such row. */
  private static final String EMPTY_CHANGE = "UPDATE shard SET term = term WHERE one = 0";

  private static final String ENGINES =
      """
      SELECT t.table_name, t.engine FROM information_schema.tables t
      JOIN information_schema.engines e ON e.engine = t.engine
      WHERE t.table_schema = DATABASE() AND t.table_name IN ('kv', 'shard')
      AND e.transactions = 'NO'\
      """;

  private final DatabaseUrl url;

  ServerCheck(DatabaseUrl url) {
    this.url = url;
  }

  /**
   * Looks at the server of a connection, once the tables are there.
   *
   * @throws UnusableDatabaseException with a sentence that says what to set
   */
  void run(Connection connection) {
    requireWholeAnswers(connection);
    requireTransactions(connection);
    requireRowsInTheLog(connection);
    warnOfWeakCommits(connection);
  }

  private void requireWholeAnswers(Connection connection) {
    look(
        connection,
        "SELECT @@SESSION.sql_select_limit, @@SESSION.sql_mode",
        row -> {
          // The default is the largest number of 64 bits.
          if (row.getBigDecimal(1).toBigInteger().bitLength() < Long.SIZE) {
            throw unusable(
                "hides rows: sql_select_limit is %s; set it to DEFAULT, in the server and in"
                        .formatted(row.getString(1))
                    + " weir.database.url");
          }
          if (row.getString(2).toUpperCase(Locale.ROOT).contains("EMPTY_STRING_IS_NULL")) {
            throw unusable(
                "takes an empty value for none: take EMPTY_STRING_IS_NULL out of its sql_mode");
          }
        });
  }

  private void requireTransactions(Connection connection) {
    look(
        connection,
        ENGINES,
        row -> {
          throw unusable(
              "keeps table %1$s in %2$s, which has no transactions: ALTER TABLE %1$s ENGINE = InnoDB"
                  .formatted(row.getString(1), row.getString(2)));
        });
  }

  /** By a transaction like a flush's, so that no rule of the server has to be known here. */
  private void requireRowsInTheLog(Connection connection) {
    try {
      int isolation = connection.getTransactionIsolation();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate(EMPTY_CHANGE);
      } finally {
        connection.setTransactionIsolation(isolation);
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == STATEMENT_LOG) {
        throw unusable("can take no flush: set its binlog_format to ROW (or MIXED)", e);
      }
      LOG.debug("The database at {} does not take a change that is none", url, e);
    }
  }

  private void warnOfWeakCommits(Connection connection) {
    look(
        connection,
        "SELECT @@innodb_flush_log_at_trx_commit",
        row -> {
          if (row.getInt(1) != 1) {
            LOG.warn(
                "The database at {} runs with innodb_flush_log_at_trx_commit = {}: a crash of its"
                    + " machine can lose what it has acknowledged. Set it to 1.",
                url,
                row.getInt(1));
          }
        });
  }

  private UnusableDatabaseException unusable(String what) {
    return new UnusableDatabaseException(sentence(what));
  }

  private UnusableDatabaseException unusable(String what, SQLException cause) {
    return new UnusableDatabaseException(sentence(what) + " (" + cause.getMessage() + ")", cause);
  }

  private String sentence(String what) {
    return "weir.database.url: the database at " + url + " " + what;
  }

  /** Judges a row of an answer. */
  @FunctionalInterface
  private interface Judge {
    void accept(ResultSet row) throws SQLException;
  }

  /** Judges the first row, if there is one; a server that does not tell passes. */
  private void look(Connection connection, String sql, Judge judge) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      if (row.next()) {
        judge.accept(row);
      }
    } catch (SQLException e) {
      LOG.debug("The database at {} does not answer {}", url, sql, e);
    }
  }
}
