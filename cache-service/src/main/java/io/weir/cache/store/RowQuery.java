package io.weir.cache.store;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Key;
import io.weir.model.Version;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One query for some rows of table {@code kv} by their keys, in no order, each with the number of
 * the last flush as {@code seq}.
 */
record RowQuery(List<Key> keys) {

  /** Queries for any number of keys. */
  static List<RowQuery> of(List<Key> keys) {
    List<RowQuery> queries = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += RowStatement.MOST_ROWS) {
      int to = Math.min(keys.size(), from + RowStatement.MOST_ROWS);
      queries.add(new RowQuery(keys.subList(from, to)));
    }
    return queries;
  }

  /** Reads the whole rows. */
  String sql() {
    return sql(
        "k, v, content_type, expires_at, version, (SELECT seq FROM flush WHERE one = 1) AS seq");
  }

  /**
   * Reads the rows with the number of the last flush, and that number alone where there are none:
   * of each value its length, and the bytes if those are no more than the first parameter says.
   */
  String boundedSql() {
    return "SELECT f.seq, kv.k, OCTET_LENGTH(kv.v) AS bytes, kv.content_type, kv.expires_at,"
        + " kv.version, CASE WHEN OCTET_LENGTH(kv.v) <= ? THEN kv.v END AS v"
        + " FROM flush f LEFT JOIN kv ON (kv.slot, kv.k) IN ("
        + places()
        + ") WHERE f.one = 1";
  }

  /** Reads which version each row has. */
  String versionsSql() {
    return sql("k, version");
  }

  /** Reads which of the rows are there. */
  String keysSql() {
    return sql("k");
  }

  /** Locks those of the rows that no other transaction holds, and waits for none. */
  String freeKeysSql() {
    return keysSql() + " FOR UPDATE SKIP LOCKED";
  }

  private String sql(String columns) {
    return "SELECT " + columns + " FROM kv WHERE (slot, k) IN (" + places() + ")";
  }

  private String places() {
    return String.join(", ", Collections.nCopies(keys.size(), "(?, ?)"));
  }

  void set(PreparedStatement statement) throws SQLException {
    set(statement, 1);
  }

  /** Sets the parameters of {@link #boundedSql}. */
  void setBounded(PreparedStatement statement, long mostBytes) throws SQLException {
    statement.setLong(1, mostBytes);
    set(statement, 2);
  }

  private void set(PreparedStatement statement, int from) throws SQLException {
    int at = from;
    for (Key key : keys) {
      statement.setInt(at++, key.slot());
      statement.setBytes(at++, key.bytes());
    }
  }

  /** Reads what a row of a whole query holds; that it is absent where a join has found none. */
  static Versioned versioned(ResultSet row) throws SQLException {
    if (row.getObject("version") == null) {
      return Versioned.ABSENT;
    }
    Version version = RowVersion.of(row).nearest();
    byte[] bytes = row.getBytes("v");
    if (bytes == null) {
      return Versioned.of(version, null);
    }
    long expiresAt = row.getLong("expires_at");
    boolean never = row.wasNull();
    String contentType = row.getString("content_type");
    return Versioned.of(version, new Value(bytes, contentType, never ? Value.NEVER : expiresAt));
  }
}
