package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
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
import org.springframework.jdbc.core.RowMapper;

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

  private static final String LOAD =
      "SELECT v, content_type, expires_at, version FROM kv WHERE slot = ? AND k = ?";

  /** Two statements where one could be: an OR of the two would cost H2 the index. */
  private static final String REST_OF_SLOT =
      "SELECT k, OCTET_LENGTH(v) FROM kv WHERE slot = ? AND k > ? ORDER BY k LIMIT ?";

  private static final String SLOTS =
      "SELECT k, OCTET_LENGTH(v) FROM kv WHERE slot >= ? AND slot <= ? ORDER BY slot, k LIMIT ?";

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

  /** Sizes first, so that no answer of the database is larger than was asked for. */
  @Override
  public RowPage scan(RowRange range, int maxRows, long maxBytes) {
    try {
      List<Sized> sizes = sizes(range, maxRows);
      List<Key> keys = new ArrayList<>();
      long bytes = 0;
      for (Sized one : sizes) {
        bytes += one.bytes();
        if (!keys.isEmpty() && bytes > maxBytes) {
          break;
        }
        keys.add(one.key());
      }
      boolean all = keys.size() == sizes.size() && sizes.size() < maxRows;
      return new RowPage(rows(keys), all ? null : keys.getLast());
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
  }

  private record Sized(Key key, long bytes) {}

  private List<Sized> sizes(RowRange range, int maxRows) {
    RowMapper<Sized> sized = (row, i) -> new Sized(Key.of(row.getBytes(1)), row.getLong(2));
    List<Sized> sizes = new ArrayList<>();
    int firstSlot = range.slots().first();
    Key after = range.after();
    if (after != null && after.slot() >= firstSlot) {
      sizes.addAll(reads.query(REST_OF_SLOT, sized, after.slot(), after.bytes(), maxRows));
      firstSlot = after.slot() + 1;
    }
    if (sizes.size() < maxRows && firstSlot <= range.slots().last()) {
      sizes.addAll(
          reads.query(SLOTS, sized, firstSlot, range.slots().last(), maxRows - sizes.size()));
    }
    return sizes;
  }

  private List<Row> rows(List<Key> keys) {
    List<Row> rows = new ArrayList<>(keys.size());
    for (RowQuery query : RowQuery.of(keys)) {
      reads.query(
          query.sql(),
          query::set,
          (ResultSet row) -> {
            rows.add(new Row(Key.of(row.getBytes("k")), versioned(row)));
          });
    }
    rows.sort(Comparator.comparing(Row::key, RowRange.ORDER));
    return rows;
  }

  @Override
  public FlushReceipt flush(Claim claim, List<Write> writes) {
    List<RowStatement> statements = statements(writes);
    return fenced.run(
        claim,
        () -> {
          for (RowStatement statement : statements) {
            statement.execute(fenced.jdbc());
          }
          return new FlushReceipt(1 + statements.size());
        });
  }

  @Override
  public int deleteExpired(Claim claim, long expiredBeforeMillis, int limit) {
    return fenced.run(claim, () -> deleteExpired(expiredBeforeMillis, limit));
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
            .sorted(RowRange.ORDER)
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
    Comparator<Write> order = Comparator.comparing(Write::key, RowRange.ORDER);
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
