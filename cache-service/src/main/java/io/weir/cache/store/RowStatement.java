package io.weir.cache.store;

import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * One statement that changes many rows of table {@code kv}, bounded in rows and in bytes.
 *
 * @param sql with a placeholder for every parameter
 */
record RowStatement(String sql, Parameters parameters) {

  /**
   * Rows of one statement: some hundred make the round trip cheap. From 200 on MySQL guesses how
   * many rows a list finds, by {@code eq_range_index_dive_limit}, where it looks below that.
   */
  static final int MOST_ROWS = 192;

  /**
   * Bytes of values in one statement. The driver's escaping at most doubles them, and 16 MiB is the
   * smallest {@code max_allowed_packet} by default, MariaDB's.
   */
  static final long MOST_BYTES = 4L << 20;

  /** {@code v} before {@code version}: MySQL assigns from left to right, and sees the new value. */
  private static final String WHEN_NEWER =
      " ON DUPLICATE KEY UPDATE"
          + whenNewer("v")
          + ","
          + whenNewer("content_type")
          + ","
          + whenNewer("expires_at")
          + ","
          + whenNewer("version");

  private static final String AT_VERSION = " WHERE slot = ? AND k = ? AND version = ?";

  /** Sets the parameters of a statement. */
  @FunctionalInterface
  interface Parameters {
    void set(PreparedStatement statement) throws SQLException;
  }

  /** Runs it; returns how many rows it changed, as the database counts. */
  int execute(JdbcTemplate jdbc) {
    return jdbc.update(sql, parameters::set);
  }

  /** The parts of a batch that are one statement each, in the order of the primary key. */
  static List<List<Write>> parts(List<Write> batch) {
    List<Write> puts = new ArrayList<>(batch.size());
    List<Write> deletes = new ArrayList<>();
    for (Write write : batch) {
      (write.isDelete() ? deletes : puts).add(write);
    }
    Comparator<Write> order = Comparator.comparing(Write::key, RowRange.ORDER);
    puts.sort(order);
    deletes.sort(order);
    List<List<Write>> parts = new ArrayList<>(chunks(puts, RowStatement::bytes));
    parts.addAll(chunks(deletes, write -> write.key().length()));
    return parts;
  }

  /**
   * The statement for a part of a batch. Values are stored where they are newer than the row. Of
   * deletes, the rows go that are older. One of a delete's very version goes too: a version names
   * one write, so whoever gave that to a row was not this shard.
   */
  static RowStatement of(List<Write> part) {
    return part.getFirst().isDelete() ? delete(part) : upsert(part);
  }

  /** Statements that delete rows as long as they are expired. */
  static List<RowStatement> deletesOfExpired(List<Key> keys, long expiredBeforeMillis) {
    return chunks(keys, Key::length).stream()
        .map(chunk -> deleteExpired(chunk, expiredBeforeMillis))
        .toList();
  }

  /** A statement that replaces a row as long as it has a version, whichever. */
  static RowStatement replace(Write write, RowVersion found) {
    return write.isDelete() ? deleteAt(write.key(), found) : updateAt(write, found);
  }

  private static RowStatement updateAt(Write put, RowVersion found) {
    return new RowStatement(
        "UPDATE kv SET v = ?, content_type = ?, expires_at = ?, version = ?" + AT_VERSION,
        statement -> setAt(statement, setValue(statement, 1, put), put.key(), found));
  }

  private static RowStatement deleteAt(Key key, RowVersion found) {
    return new RowStatement(
        "DELETE FROM kv" + AT_VERSION, statement -> setAt(statement, 1, key, found));
  }

  private static void setAt(PreparedStatement statement, int from, Key key, RowVersion found)
      throws SQLException {
    int at = setKey(statement, from, key);
    statement.setBigDecimal(at, found.decimal());
  }

  private static RowStatement upsert(List<Write> puts) {
    String sql =
        "INSERT INTO kv (slot, k, v, content_type, expires_at, version) VALUES "
            + repeat("(?, ?, ?, ?, ?, ?)", puts.size())
            + WHEN_NEWER;
    return new RowStatement(
        sql,
        statement -> {
          int at = 1;
          for (Write put : puts) {
            at = setRow(statement, at, put);
          }
        });
  }

  private static int setRow(PreparedStatement statement, int from, Write put) throws SQLException {
    return setValue(statement, setKey(statement, from, put.key()), put);
  }

  /** Sets every column but the key's. */
  private static int setValue(PreparedStatement statement, int from, Write put)
      throws SQLException {
    Value value = put.value();
    if (value == null) {
      throw new IllegalArgumentException("a delete is no put: " + put.key());
    }
    int at = from;
    statement.setBytes(at++, value.bytes());
    statement.setString(at++, value.contentType());
    if (value.expiresAtMillis() == Value.NEVER) {
      statement.setNull(at++, Types.BIGINT);
    } else {
      statement.setLong(at++, value.expiresAtMillis());
    }
    statement.setLong(at++, put.version().value());
    return at;
  }

  private static RowStatement delete(List<Write> deletes) {
    String sql =
        deleteOf(deletes.size())
            + " AND version <= CASE k"
            + " WHEN ? THEN ?".repeat(deletes.size())
            + " END";
    return new RowStatement(
        sql,
        statement -> {
          int at = 1;
          for (Write write : deletes) {
            at = setKey(statement, at, write.key());
          }
          for (Write write : deletes) {
            statement.setBytes(at++, write.key().bytes());
            statement.setLong(at++, write.version().value());
          }
        });
  }

  private static RowStatement deleteExpired(List<Key> keys, long expiredBeforeMillis) {
    return new RowStatement(
        deleteOf(keys.size()) + " AND expires_at < ?",
        statement -> {
          int at = 1;
          for (Key key : keys) {
            at = setKey(statement, at, key);
          }
          statement.setLong(at, expiredBeforeMillis);
        });
  }

  /** The form of a list of keys for which all three servers use the primary key. */
  private static String deleteOf(int rows) {
    return "DELETE FROM kv WHERE (slot, k) IN (" + repeat("(?, ?)", rows) + ")";
  }

  private static int setKey(PreparedStatement statement, int at, Key key) throws SQLException {
    statement.setInt(at, key.slot());
    statement.setBytes(at + 1, key.bytes());
    return at + 2;
  }

  private static <T> List<List<T>> chunks(List<T> rows, ToLongFunction<T> size) {
    List<List<T>> chunks = new ArrayList<>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < rows.size(); i++) {
      long next = size.applyAsLong(rows.get(i));
      if (i > from && (i - from == MOST_ROWS || bytes + next > MOST_BYTES)) {
        chunks.add(rows.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += next;
    }
    if (from < rows.size()) {
      chunks.add(rows.subList(from, rows.size()));
    }
    return chunks;
  }

  private static long bytes(Write put) {
    return put.key().length() + (put.value() == null ? 0L : put.value().bytes().length);
  }

  private static String repeat(String row, int rows) {
    return String.join(", ", Collections.nCopies(rows, row));
  }

  private static String whenNewer(String column) {
    return " %1$s = CASE WHEN VALUES(version) > kv.version THEN VALUES(%1$s) ELSE kv.%1$s END"
        .formatted(column);
  }
}
