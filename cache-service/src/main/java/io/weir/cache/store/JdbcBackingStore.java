package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
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
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * The rows of one shard in table {@code kv}, by SQL that MySQL, MariaDB and H2 share.
 *
 * <p><b>Concurrency.</b> Flushes pass the fence, which lets one transaction through at a time;
 * reads take a pool of their own and lock nothing. Writes are sent in the order of the primary key.
 *
 * <p><b>Ordering.</b> A row is changed only by a newer version, or because this shard cannot have
 * written it ({@link ReadBack}). A delete leaves no row, so an older put that came after it would
 * be stored: the caller has one flush of a key in flight at a time.
 *
 * <p><b>Failure.</b> Everything is translated by {@link SqlFailures}; a flush that fails before its
 * commit has changed nothing.
 */
final class JdbcBackingStore implements BackingStore {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcBackingStore.class);

  private static final String LOAD =
      "SELECT f.seq, kv.v, kv.content_type, kv.expires_at, kv.version"
          + " FROM flush f LEFT JOIN kv ON kv.slot = ? AND kv.k = ? WHERE f.one = 1";

  /** The number of a database whose row of it is gone, so that nothing of it counts. */
  private static final long NOTHING = -1;

  /** The number of the last flush, as a row without a key before those of a page. */
  private static final String NUMBER_AND =
      "(SELECT CAST(NULL AS BINARY(1)) AS k, seq AS n FROM flush WHERE one = 1) UNION ALL ";

  /** Two statements where one could be: an OR of the two would cost H2 the index. */
  private static final String REST_OF_SLOT =
      NUMBER_AND
          + "(SELECT k, OCTET_LENGTH(v) FROM kv WHERE slot = ? AND k > ? ORDER BY k LIMIT ?)";

  private static final String SLOTS =
      NUMBER_AND
          + "(SELECT k, OCTET_LENGTH(v) FROM kv WHERE slot >= ? AND slot <= ?"
          + " ORDER BY slot, k LIMIT ?)";

  private static final String EXPIRED =
      "SELECT slot, k FROM kv WHERE expires_at < ? ORDER BY expires_at LIMIT ?";

  private final JdbcTemplate reads;
  private final FencedTransactions fenced;
  private final Sessions sessions;
  private final SqlFailures failures;
  private final RareWarning foreignRows = new RareWarning(LOG, System::nanoTime);

  JdbcBackingStore(
      DataSource reads, FencedTransactions fenced, Sessions sessions, SqlFailures failures) {
    this.reads = new JdbcTemplate(reads);
    this.fenced = fenced;
    this.sessions = sessions;
    this.failures = failures;
  }

  @Override
  public Versioned load(Key key, long atLeast) {
    return onTheRightServer(() -> {
      List<Versioned> rows =
          reads.query(
              LOAD,
              (row, i) -> {
                mustBeAtLeast(row.getLong("seq"), atLeast);
                return versioned(row);
              },
              key.slot(),
              key.bytes());
      if (rows.isEmpty()) {
        mustBeAtLeast(NOTHING, atLeast);
      }
      return rows.getFirst();
    });
  }

  /** Reads, and once more on a new session when the first one leads to what is too old. */
  private <T> T onTheRightServer(Supplier<T> read) {
    try {
      return read.get();
    } catch (DatabaseBehindException e) {
      sessions.renewReads();
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
    try {
      return read.get();
    } catch (DatabaseBehindException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
  }

  private static void mustBeAtLeast(long found, long atLeast) {
    if (found < atLeast) {
      throw new DatabaseBehindException(
          "what the database answers is as of flush %d, and flush %d was acknowledged: the address"
                  .formatted(found, atLeast)
              + " leads to a server that lags behind, or to another one");
    }
  }

  /** Sizes first, so that no answer of the database is larger than was asked for. */
  @Override
  public RowPage scan(RowRange range, int maxRows, long maxBytes, long atLeast) {
    return onTheRightServer(() -> {
      List<Sized> sizes = sizes(range, maxRows, atLeast);
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
      return new RowPage(rows(keys, atLeast), all ? null : keys.getLast());
    });
  }

  private record Sized(Key key, long bytes) {}

  private List<Sized> sizes(RowRange range, int maxRows, long atLeast) {
    List<Sized> sizes = new ArrayList<>();
    AtLeast found = new AtLeast(sizes);
    int firstSlot = range.slots().first();
    Key after = range.after();
    if (after != null && after.slot() >= firstSlot) {
      reads.query(REST_OF_SLOT, found, after.slot(), after.bytes(), maxRows);
      mustBeAtLeast(found.number, atLeast);
      firstSlot = after.slot() + 1;
    }
    if (sizes.size() < maxRows && firstSlot <= range.slots().last()) {
      reads.query(SLOTS, found, firstSlot, range.slots().last(), maxRows - sizes.size());
      mustBeAtLeast(found.number, atLeast);
    }
    sizes.sort(Comparator.comparing(Sized::key, RowRange.ORDER));
    return sizes;
  }

  /** Takes the rows of a page, and the number of the last flush, which comes as one of them. */
  private static final class AtLeast implements RowCallbackHandler {
    private final List<Sized> sizes;
    private long number = NOTHING;

    AtLeast(List<Sized> sizes) {
      this.sizes = sizes;
    }

    @Override
    public void processRow(ResultSet row) throws SQLException {
      byte[] key = row.getBytes(1);
      if (key == null) {
        number = row.getLong(2);
      } else {
        sizes.add(new Sized(Key.of(key), row.getLong(2)));
      }
    }
  }

  private List<Row> rows(List<Key> keys, long atLeast) {
    List<Row> rows = new ArrayList<>(keys.size());
    for (RowQuery query : RowQuery.of(keys)) {
      reads.query(
          query.sql(),
          query::set,
          (ResultSet row) -> {
            mustBeAtLeast(row.getLong("seq"), atLeast);
            rows.add(new Row(Key.of(row.getBytes("k")), versioned(row)));
          });
    }
    rows.sort(Comparator.comparing(Row::key, RowRange.ORDER));
    return rows;
  }

  @Override
  public long flushNumber(Claim claim) {
    return fenced.run(claim, fenced::number);
  }

  @Override
  public void renewSessions() {
    sessions.renewAll();
  }

  public FlushReceipt flush(Claim claim, FlushNumber number, Version given, List<Write> writes) {
    List<RowStatement> statements = statements(writes);
    Version highest =
        writes.stream().map(Write::version).max(Comparator.naturalOrder()).orElse(Version.NONE);
    FlushReceipt receipt =
        fenced.run(
            claim,
            () -> {
              fenced.take(number, highest);
              for (RowStatement statement : statements) {
                statement.execute(fenced.jdbc());
              }
              return new ReadBack(fenced.jdbc(), failures, given).of(writes, 2 + statements.size());
            });
    if (!receipt.foreign().isEmpty()) {
      foreignRows.of(
          "Replaced {} rows that this shard had not written, at versions that it has not given;"
              + " {} is one of them. See docs/consistency.md, Rows that others wrote.",
          receipt.foreign().size(),
          receipt.foreign().getFirst());
    }
    return receipt;
  }

  /** Looks first, without a transaction: where nothing has expired, nothing is locked. */
  @Override
  public int deleteExpired(Claim claim, long expiredBeforeMillis, int limit) {
    long cutoff;
    List<Key> keys;
    try {
      fenced.requireNoNewerClaim(reads, claim);
      cutoff = Math.min(expiredBeforeMillis, databaseMillis());
      keys = reads.query(EXPIRED, (row, i) -> Key.of(row.getBytes("k")), cutoff, limit);
    } catch (DataAccessException e) {
      throw failures.unavailable(e);
    }
    if (keys.isEmpty()) {
      return 0;
    }
    keys.sort(RowRange.ORDER);
    List<RowStatement> statements = RowStatement.deletesOfExpired(keys, cutoff);
    return fenced.run(
        claim, () -> statements.stream().mapToInt(one -> one.execute(fenced.jdbc())).sum());
  }

  private long databaseMillis() {
    Long seconds = reads.queryForObject("SELECT UNIX_TIMESTAMP()", Long.class);
    return seconds == null ? Long.MIN_VALUE : seconds * 1_000;
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

  /** What a row holds; that it is absent where a join has found none. */
  private static Versioned versioned(ResultSet row) throws SQLException {
    row.getLong("version");
    if (row.wasNull()) {
      return Versioned.ABSENT;
    }
    Version version = RowVersion.of(row).nearest();
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
