package io.weir.cache.store;

import io.weir.cache.kv.Leadership;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The rows of one shard in table {@code kv}, by SQL that MySQL, MariaDB and H2 share.
 *
 * <p><b>Concurrency.</b> Flushes pass the fence, which lets one transaction through at a time;
 * reads take a pool of their own and lock nothing. Writes are sent in the order of the primary key.
 *
 * <p><b>Ordering.</b> A row is changed only by a newer version. A delete leaves no row, so an older
 * put that came after it would be stored: the caller has one flush of a key in flight at a time.
 *
 * <p><b>Failure.</b> Everything is translated by {@link SqlFailures}; a flush that fails before its
 * commit has changed nothing.
 */
final class JdbcBackingStore implements BackingStore {

  private static final Comparator<Key> BY_PRIMARY_KEY =
      Comparator.comparingInt(Key::slot).thenComparing(Comparator.naturalOrder());

  private static final String LOAD =
      "SELECT v, content_type, expires_at, version FROM kv WHERE slot = ? AND k = ?";

  private static final String EXPIRED =
      "SELECT slot, k FROM kv WHERE expires_at < ? ORDER BY expires_at LIMIT ?";

  private final JdbcTemplate reads;
  private final FencedTransactions fenced;
  private final SqlFailures failures;

  JdbcBackingStore(DataSource reads, FencedTransactions fenced, SqlFailures failures) {
    this.reads = new JdbcTemplate(reads);
    this.fenced = fenced;
    this.failures = failures;
  }

  @Override
  public Versioned load(Key key) {
    List<Versioned> rows;
    try {
      rows = reads.query(LOAD, (row, i) -> versioned(row), key.slot(), key.bytes());
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
    return rows.isEmpty() ? Versioned.ABSENT : rows.getFirst();
  }

  @Override
  public FlushReceipt flush(Leadership leadership, List<Write> writes) {
    List<RowStatement> statements = statements(writes);
    return fenced.run(
        leadership,
        () -> {
          for (RowStatement statement : statements) {
            statement.execute(fenced.jdbc());
          }
          return new FlushReceipt(1 + statements.size());
        });
  }

  @Override
  public int deleteExpired(Leadership leadership, long expiredBeforeMillis, int limit) {
    return fenced.run(leadership, () -> deleteExpired(expiredBeforeMillis, limit));
  }

  private int deleteExpired(long expiredBeforeMillis, int limit) {
    JdbcTemplate jdbc = fenced.jdbc();
    Long databaseSeconds = jdbc.queryForObject("SELECT UNIX_TIMESTAMP()", Long.class);
    if (databaseSeconds == null) {
      return 0;
    }
    long cutoff = Math.min(expiredBeforeMillis, databaseSeconds * 1_000);
    List<Key> keys =
        jdbc.query(EXPIRED, (row, i) -> Key.of(row.getBytes("k")), cutoff, limit).stream()
            .sorted(BY_PRIMARY_KEY)
            .toList();
    int deleted = 0;
    for (RowStatement statement : RowStatement.deletesOfExpired(keys, cutoff)) {
      deleted += statement.execute(jdbc);
    }
    return deleted;
  }

  private static List<RowStatement> statements(List<Write> writes) {
    List<Write> puts = new ArrayList<>(writes.size());
    List<Write> deletes = new ArrayList<>();
    for (Write write : writes) {
      (write.isDelete() ? deletes : puts).add(write);
    }
    Comparator<Write> order = Comparator.comparing(Write::key, BY_PRIMARY_KEY);
    puts.sort(order);
    deletes.sort(order);
    List<RowStatement> statements = new ArrayList<>(RowStatement.upserts(puts));
    statements.addAll(RowStatement.deletes(deletes));
    return statements;
  }

  private static Versioned versioned(ResultSet row) throws SQLException {
    Version version = new Version(row.getLong("version"));
    byte[] bytes = row.getBytes("v");
    if (bytes == null) {
      return new Versioned(version, null);
    }
    long expiresAt = row.getLong("expires_at");
    boolean never = row.wasNull();
    String contentType = row.getString("content_type");
    return new Versioned(version, new Value(bytes, contentType, never ? Value.NEVER : expiresAt));
  }
}
