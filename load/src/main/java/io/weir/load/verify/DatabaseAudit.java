package io.weir.load.verify;

import io.weir.model.HashSlots;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks up every key with an acknowledged write in the shards' databases, past the caches.
 *
 * <p>It reads the rows of a few slots at a time, so that memory stays bounded whatever a database
 * holds besides.
 *
 * <p><b>Failure.</b> A database that is away is asked again for a while, then the audit ends.
 */
public final class DatabaseAudit {

  private static final String ROWS = "SELECT k, v FROM kv WHERE slot BETWEEN ? AND ?";
  private static final int SLOTS_AT_A_TIME = 64;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int RETRY_MILLIS = 500;

  private final WriteLog log;
  private final List<String> urls;
  private final AuditProgress listener;

  /**
   * @param urls of the shards' databases
   */
  public DatabaseAudit(WriteLog log, List<String> urls, AuditProgress listener) {
    this.log = log;
    this.urls = urls;
    this.listener = listener;
  }

  /**
   * Does it.
   *
   * @throws SQLException when a database stays away
   */
  public Findings run() throws SQLException, InterruptedException {
    Findings findings = new Findings("in the databases", log);
    BitSet seen = new BitSet();
    for (int shard = 0; shard < urls.size(); shard++) {
      read(shard, findings, seen);
    }
    for (int key = 0; key < log.end(); key++) {
      if (log.isAcknowledged(key) && !seen.get(key)) {
        findings.add(key, log.check(key, null));
      }
    }
    return findings;
  }

  private void read(int shard, Findings findings, BitSet seen)
      throws SQLException, InterruptedException {
    String url = urls.get(shard);
    Connection connection = null;
    try {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      int slot = 0;
      while (slot < HashSlots.COUNT) {
        try {
          if (connection == null) {
            connection = DriverManager.getConnection(url);
          }
          rows(connection, slot)
              .forEach((key, value) -> {
                seen.set(key);
                findings.add(key, log.check(key, value.bytes()));
              });
          slot += SLOTS_AT_A_TIME;
          deadline = System.nanoTime() + PATIENCE_NANOS;
          progress(shard, slot);
        } catch (SQLException e) {
          if (isFinal(e) || System.nanoTime() > deadline) {
            throw e;
          }
          close(connection);
          connection = null;
          Thread.sleep(RETRY_MILLIS);
        }
      }
    } finally {
      close(connection);
    }
  }

  /** Whether it is refused for what it asks, which it will be again: account, rights, statement. */
  private static boolean isFinal(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("28") || state.startsWith("42");
  }

  /** A row's value; null bytes are a tombstone. */
  @SuppressWarnings("ArrayRecordComponent") // Read once.
  private record Value(byte @Nullable [] bytes) {}

  private Map<Integer, Value> rows(Connection connection, int slot) throws SQLException {
    Map<Integer, Value> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setInt(1, slot);
      statement.setInt(2, slot + SLOTS_AT_A_TIME - 1);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          int key = log.keys().number(rows.getBytes(1));
          if (key >= 0 && key < log.end() && log.isAcknowledged(key)) {
            found.put(key, new Value(rows.getBytes(2)));
          }
        }
      }
    }
    return found;
  }

  private void progress(int shard, int slot) {
    listener.progress(
        String.format(
            Locale.ROOT,
            "audit: database %d of %d, %.0f%% of the slots read",
            shard + 1,
            urls.size(),
            100.0 * slot / HashSlots.COUNT),
        shard == urls.size() - 1 && slot >= HashSlots.COUNT);
  }

  private static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // It was broken before.
      }
    }
  }
}
