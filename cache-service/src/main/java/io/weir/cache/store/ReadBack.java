package io.weir.cache.store;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Shown;
import io.weir.model.Version;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What one flush has made of the rows of its batch, read in its own transaction after its
 * statements. Their counts cannot tell: a row that stays as it is counts like one that is put in.
 *
 * <p>A row may be at another version than its write:
 *
 * <ul>
 *   <li>newer, and above all that earlier leaders gave: somebody else wrote it, since this leader
 *       brings a key's versions in order. It is replaced, on condition of that version;
 *   <li>newer, and not above all those: an earlier leader wrote it, and the write comes from a
 *       journal that does not know. The row stays, and the receipt says what it holds;
 *   <li>older, or not there: the database does not do what it is told. The transaction fails.
 * </ul>
 */
final class ReadBack {

  private final JdbcTemplate jdbc;
  private final SqlFailures failures;
  private final Version earlier;
  private final List<Key> foreign = new ArrayList<>();
  private final Map<Key, Version> newer = new HashMap<>();
  private final Map<Write, String> refused = new HashMap<>();
  private int statements;

  /**
   * Reads nothing yet.
   *
   * @param jdbc speaks in the transaction
   * @param earlier the last version that an earlier leader may have given
   */
  ReadBack(JdbcTemplate jdbc, SqlFailures failures, Version earlier) {
    this.jdbc = jdbc;
    this.failures = failures;
    this.earlier = earlier;
  }

  /**
   * Looks at the rows, and replaces those that are not this shard's.
   *
   * @throws RowsFailedException when some row does not hold what it was given
   */
  void of(List<Write> batch) {
    Map<Key, RowVersion> rows = new HashMap<>();
    for (RowQuery query : RowQuery.of(batch.stream().map(Write::key).toList())) {
      jdbc.query(
          query.versionsSql(),
          query::set,
          (ResultSet row) -> {
            rows.put(Key.of(row.getBytes("k")), RowVersion.of(row));
          });
      statements++;
    }
    for (Write write : batch) {
      judge(write, rows.get(write.key()));
    }
  }

  /** Writes whose row is not this shard's, and which it may not replace, with the reason. */
  Map<Write, String> refused() {
    return refused;
  }

  /** Statements sent. */
  int statements() {
    return statements;
  }

  /** Keys whose row was not this shard's, and is replaced. */
  List<Key> foreign() {
    return foreign;
  }

  /** Keys whose row is newer and stays, with its version. */
  Map<Key, Version> newer() {
    return newer;
  }

  private void judge(Write write, @Nullable RowVersion row) {
    if (row == null) {
      if (!write.isDelete()) {
        throw notKept(write, Shown.of(write.key()) + " has no row after it was put");
      }
    } else if (row.isNewerThan(write.version())) {
      if (row.isNewerThan(earlier)) {
        replace(write, row);
      } else {
        newer.put(write.key(), row.nearest());
      }
    } else if (write.isDelete() || row.isOlderThan(write.version())) {
      throw notKept(
          write,
          "the row of %s is at version %s after %s was written"
              .formatted(write.key(), row, write.version()));
    }
  }

  private void replace(Write write, RowVersion row) {
    statements++;
    try {
      if (RowStatement.replace(write, row).execute(jdbc) != 1) {
        throw notKept(
            write,
            "the row of %s, at version %s, changed while it was replaced"
                .formatted(write.key(), row));
      }
      foreign.add(write.key());
    } catch (DataAccessException e) {
      String refusal = failures.refusal(e);
      if (refusal == null) {
        throw failures.ofRows(List.of(write), e);
      }
      refused.put(write, refusal);
    }
  }

  private RowsFailedException notKept(Write write, String what) {
    return new RowsFailedException(write, failures.notKept(what));
  }
}
