package io.weir.cache.store;

import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.model.Key;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the rows of ranges page by page: sizes first, so that no answer of the database is larger
 * than was asked for. InnoDB reads a value that lies apart from its row to tell its size, so the
 * sizes are asked for in steps: no more of them than the page has room for, by those seen so far.
 *
 * <p>It goes on by what the columns hold, which need not make a {@link Key}. So rows that are
 * unreadable, or too large to be read, neither end it nor lead it astray. Each statement says of
 * which flush its rows are.
 */
final class RowPages {

  /** The number of the last flush, as a row of slot -1 before those of a page. */
  private static final String NUMBER_AND =
      "(SELECT -1 AS slot, CAST(NULL AS BINARY(1)) AS k, seq AS n FROM flush WHERE one = 1)"
          + " UNION ALL ";

  /** Two statements where one could be: an OR of the two would cost H2 the index. */
  private static final String REST_OF_SLOT =
      NUMBER_AND
          + "(SELECT slot, k, OCTET_LENGTH(v) FROM kv WHERE slot = ? AND k > ?"
          + " ORDER BY k LIMIT ?)";

  private static final String SLOTS =
      NUMBER_AND
          + "(SELECT slot, k, OCTET_LENGTH(v) FROM kv WHERE slot >= ? AND slot <= ?"
          + " ORDER BY slot, k LIMIT ?)";

  /** The order of the primary key, whatever the columns hold. */
  private static final Comparator<Sized> ORDER =
      Comparator.comparingInt(Sized::slot).thenComparing(Sized::key, Arrays::compareUnsigned);

  /** Sizes that are asked for before any is known. */
  static final int FIRST_STEP = 2;

  /** A step has as many times the rows before it: what comes may be larger than what was seen. */
  static final int GROWTH = 8;

  private final JdbcTemplate reads;
  private final UnreadableRows unreadable;

  RowPages(JdbcTemplate reads, UnreadableRows unreadable) {
    this.reads = reads;
    this.unreadable = unreadable;
  }

  /** A row's place in the primary key, and the bytes of its value. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Sized(int slot, byte[] key, long bytes) {}

  /** See {@link BackingStore#scan}. */
  RowPage page(RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
    List<Key> keys = new ArrayList<>();
    long bytes = 0;
    long seen = 0;
    long seenBytes = 0;
    Key after = range.after();
    Sized last = after == null ? null : new Sized(after.slot(), after.bytes(), 0);
    while (true) {
      int step = step(seen, seenBytes, maxRows - keys.size(), maxBytes - bytes);
      List<Sized> some = after(last, range, step, numbers);
      for (Sized one : some) {
        seen++;
        seenBytes += one.bytes;
        Key key = unreadable.keyOf(one.slot, one.key);
        if (key == null || unreadable.isTooLarge(key, one.bytes)) {
          continue;
        }
        bytes += one.bytes;
        if (!keys.isEmpty() && bytes > maxBytes) {
          return new RowPage(rows(keys, numbers), keys.getLast());
        }
        keys.add(key);
        if (keys.size() == maxRows || bytes >= maxBytes) {
          return new RowPage(rows(keys, numbers), key);
        }
      }
      if (some.size() < step) {
        return new RowPage(rows(keys, numbers), null);
      }
      last = some.getLast();
    }
  }

  /**
   * How many sizes are asked for next.
   *
   * @param seen rows so far, with {@code seenBytes} of values
   * @param rows that the page has room for
   * @param room that it has for bytes
   */
  static int step(long seen, long seenBytes, int rows, long room) {
    if (seen == 0) {
      return Math.min(FIRST_STEP, rows);
    }
    double each = Math.max(1.0, (double) seenBytes / seen);
    double most = Math.min(Math.ceil(room / each), (double) seen * (GROWTH - 1));
    return (int) Math.clamp(most, 1, rows);
  }

  private List<Sized> after(@Nullable Sized last, RowRange range, int maxRows, FlushSpan numbers) {
    List<Sized> sizes = new ArrayList<>();
    int firstSlot = range.slots().first();
    if (last != null && last.slot >= firstSlot) {
      sizes.addAll(sizes(REST_OF_SLOT, numbers, last.slot, last.key, maxRows));
      firstSlot = last.slot + 1;
    }
    if (sizes.size() < maxRows && firstSlot <= range.slots().last()) {
      int more = maxRows - sizes.size();
      sizes.addAll(sizes(SLOTS, numbers, firstSlot, range.slots().last(), more));
    }
    return sizes;
  }

  private List<Sized> sizes(String sql, FlushSpan numbers, Object... parameters) {
    List<Sized> sizes = new ArrayList<>();
    AtomicLong number = new AtomicLong(Freshness.NOTHING);
    reads.query(
        sql,
        (ResultSet row) -> {
          byte[] key = row.getBytes(2);
          if (key == null) {
            number.set(row.getLong(3));
          } else {
            sizes.add(new Sized(row.getInt(1), key, row.getLong(3)));
          }
        },
        parameters);
    Freshness.require(number.get(), numbers);
    sizes.sort(ORDER);
    return sizes;
  }

  private List<Row> rows(List<Key> keys, FlushSpan numbers) {
    List<Row> rows = new ArrayList<>(keys.size());
    for (RowQuery query : RowQuery.of(keys)) {
      reads.query(
          query.sql(),
          query::set,
          (ResultSet row) -> {
            Freshness.require(row.getLong("seq"), numbers);
            rows.add(new Row(Key.of(row.getBytes("k")), RowQuery.versioned(row)));
          });
    }
    rows.sort(Comparator.comparing(Row::key, RowRange.ORDER));
    return rows;
  }
}
