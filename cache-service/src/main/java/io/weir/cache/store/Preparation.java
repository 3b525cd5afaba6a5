package io.weir.cache.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * What must be done to a database before it is used: its tables are brought up to date. Done at the
 * start as a rule, later where the database did not answer then. Until it is done no connection is
 * given out.
 */
final class Preparation {

  /** Of a database that was prepared before it was opened. */
  static final Preparation DONE = new Preparation(null);

  private final @Nullable ShardSchema schema;
  private volatile boolean done;

  Preparation(@Nullable ShardSchema schema) {
    this.schema = schema;
    this.done = schema == null;
  }

  /**
   * Does it, unless it is done.
   *
   * @throws UnusableDatabaseException with a sentence that says what is wrong
   */
  synchronized void run() {
    if (!done && schema != null) {
      schema.migrate();
      done = true;
    }
  }

  /** Connections of a pool, once it is done. */
  DataSource before(DataSource pool) {
    return new DelegatingDataSource(pool) {
      @Override
      public Connection getConnection() throws SQLException {
        if (!done) {
          throw new SQLTransientConnectionException(
              "it did not answer at the start, and its tables are yet to be looked at", "08001");
        }
        return super.getConnection();
      }
    };
  }
}
