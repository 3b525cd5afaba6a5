package io.weir.lab.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Another program at a shard's MySQL or MariaDB, which holds for a while what the cache servers
 * want: rows, gaps between them, or the whole table. Each call has sessions of its own, straight to
 * the server. What it holds is gone with them, whatever becomes of this process.
 */
final class DatabaseLocks {

  private static final int SLOTS = 16_384;

  /** Of the table, what a gap has at most: the rest is to go on. */
  private static final int WIDEST_GAP = SLOTS / 4;

  private static final String CONNECT_MILLIS = "5000";
  private static final int ROW_SECONDS = 5;
  private static final int TABLE_SECONDS = 60;

  /** A lock was not given in time, or not without a deadlock. */
  private static final Set<Integer> NOT_GIVEN = Set.of(1205, 1213);

  private final String url;
  private final Random random;

  /**
   * @param url of the shard's schema, with an account that may lock and alter its tables
   */
  DatabaseLocks(String url, Random random) {
    this.url = url;
    this.random = random;
  }

  /** How long it is held. */
  interface Hold {

    void run() throws InterruptedException;
  }

  /**
   * Holds a row that is there.
   *
   * @return its key; null when there is none, or it was not given
   */
  @Nullable String row(Hold hold) throws SQLException, InterruptedException {
    try (Connection session = connect();
        Statement any = session.createStatement();
        ResultSet row = any.executeQuery("SELECT slot, k FROM kv ORDER BY RAND() LIMIT 1")) {
      if (!row.next()) {
        return null;
      }
      begin(session);
      try (PreparedStatement select =
          session.prepareStatement("SELECT 1 FROM kv WHERE slot = ? AND k = ? FOR UPDATE")) {
        select.setInt(1, row.getInt(1));
        select.setBytes(2, row.getBytes(2));
        String key = new String(row.getBytes(2), UTF_8);
        return held(session, select, hold) ? key : null;
      }
    }
  }

  /**
   * Holds all rows of some slots, and the gaps between and around them.
   *
   * @return which slots; null when they were not given
   */
  @Nullable String gap(Hold hold) throws SQLException, InterruptedException {
    int width = 1 + random.nextInt(WIDEST_GAP);
    int first = random.nextInt(SLOTS - width + 1);
    int last = first + width - 1;
    try (Connection session = connect()) {
      begin(session);
      try (PreparedStatement select =
          session.prepareStatement(
              "SELECT COUNT(*) FROM kv WHERE slot BETWEEN ? AND ? FOR UPDATE")) {
        select.setInt(1, first);
        select.setInt(2, last);
        return held(session, select, hold)
            ? String.format(Locale.ROOT, "slots %d to %d", first, last)
            : null;
      }
    }
  }

  /**
   * Has the table locked for itself alone.
   *
   * @return its name; null when it was not given
   */
  @Nullable String table(Hold hold) throws SQLException, InterruptedException {
    try (Connection session = connect()) {
      if (!isGiven(() -> run(session, "LOCK TABLES kv WRITE"))) {
        return null;
      }
      hold.run();
      run(session, "UNLOCK TABLES");
      return "table kv";
    }
  }

  /**
   * Builds the table anew, by a statement that waits for a reader's transaction, while all others
   * wait for it.
   *
   * @return how; null when the table was not given
   */
  @Nullable String alter(Hold hold) throws SQLException, InterruptedException {
    String how = random.nextBoolean() ? "ALGORITHM = COPY" : "ALGORITHM = INPLACE";
    try (Connection altering = connect();
        Connection reader = connect()) {
      begin(reader);
      run(reader, "SELECT 1 FROM kv LIMIT 1");
      CompletableFuture<Boolean> altered =
          CompletableFuture.supplyAsync(() -> {
            try {
              return isGiven(() -> run(altering, "ALTER TABLE kv ENGINE = InnoDB, " + how));
            } catch (SQLException e) {
              throw new CompletionException(e);
            }
          });
      hold.run();
      reader.rollback();
      return altered.join() ? how : null;
    } catch (CompletionException e) {
      throw e.getCause() instanceof SQLException failure ? failure : new SQLException(e);
    }
  }

  /** Under REPEATABLE READ, whose locking reads take the gaps as well. */
  private static void begin(Connection session) throws SQLException {
    session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    session.setAutoCommit(false);
  }

  private static boolean held(Connection session, PreparedStatement select, Hold hold)
      throws SQLException, InterruptedException {
    if (!isGiven(select::execute)) {
      return false;
    }
    hold.run();
    session.rollback();
    return true;
  }

  /** What is sent to the server. */
  private interface Sent {

    void run() throws SQLException;
  }

  private static boolean isGiven(Sent statement) throws SQLException {
    try {
      statement.run();
      return true;
    } catch (SQLException e) {
      if (NOT_GIVEN.contains(e.getErrorCode())) {
        return false;
      }
      throw e;
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", CONNECT_MILLIS);
    Connection connection = DriverManager.getConnection(url, properties);
    run(
        connection,
        String.format(
            Locale.ROOT,
            "SET SESSION lock_wait_timeout = %d, innodb_lock_wait_timeout = %d",
            TABLE_SECONDS,
            ROW_SECONDS));
    return connection;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
