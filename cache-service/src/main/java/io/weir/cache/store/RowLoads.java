package io.weir.cache.store;

import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Versioned;
import io.weir.model.ByteSize;
import io.weir.model.Key;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads rows by their keys, whatever another program has put into them: a value of up to {@link
 * #AT_ONCE} comes with its row; of a larger one its length does, and it is read by a second
 * statement, once there is room for it beside the others; one of more than {@link #LARGEST} is not
 * read at all. The rows of one statement share {@link #AT_ONCE}.
 *
 * <p>So what loads take of the heap is bounded: {@link #AT_ONCE} for each connection that reads,
 * and the room for large ones, times the copies that the driver makes.
 */
final class RowLoads {

  private static final Logger LOG = LoggerFactory.getLogger(RowLoads.class);

  /** What a value has by default at most. */
  static final ByteSize AT_ONCE = ByteSize.ofMiB(1);

  /** The most that {@code weir.max-value-size} may be. */
  static final ByteSize LARGEST = ByteSize.ofMiB(32);

  /** The packets of the answer, the column's bytes, and the value. */
  private static final int COPIES = 3;

  /** Of a heap: half of what the requests under way take by default. */
  private static final int SHARE_OF_HEAP = 12;

  /** Of a permit. */
  private static final int UNIT = 1024;

  private static final String LOAD =
      "SELECT f.seq, CASE WHEN OCTET_LENGTH(kv.v) <= ? THEN kv.v END AS v,"
          + " OCTET_LENGTH(kv.v) AS bytes, kv.content_type, kv.expires_at, kv.version"
          + " FROM flush f LEFT JOIN kv ON kv.slot = ? AND kv.k = ? WHERE f.one = 1";

  private final JdbcTemplate reads;
  private final Duration maxWait;
  private final Semaphore room;

  /**
   * @param maxWait how long a large value waits for room
   */
  RowLoads(JdbcTemplate reads, Duration maxWait) {
    this.reads = reads;
    this.maxWait = maxWait;
    long share = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / UNIT;
    this.room = new Semaphore(Math.clamp(share, units(LARGEST.bytes()), Integer.MAX_VALUE));
  }

  /**
   * What a statement has found.
   *
   * @param row null when its value is too large for the statement
   * @param bytes of the value
   */
  private record Found(@Nullable Versioned row, long bytes) {}

  /** See {@link BackingStore#load}. */
  Versioned load(Key key, FlushSpan numbers) {
    Found found = find(key, numbers, AT_ONCE.bytes());
    while (found.row == null) { // Once more, where it has become larger meanwhile.
      requireReadable(key, found.bytes);
      int taken = units(found.bytes);
      acquire(taken);
      try {
        found = find(key, numbers, found.bytes);
      } finally {
        room.release(taken);
      }
    }
    return found.row;
  }

  /** See {@link BackingStore#loadAll}. Of all values it takes what a single row's may have. */
  Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers) {
    long share = AT_ONCE.bytes() / keys.size();
    RowQuery query = new RowQuery(keys);
    Map<Key, Versioned> rows = new HashMap<>();
    keys.forEach(key -> rows.put(key, Versioned.ABSENT));
    AtomicLong number = new AtomicLong(Freshness.NOTHING);
    reads.query(
        query.boundedSql(),
        statement -> query.setBounded(statement, share),
        (ResultSet row) -> {
          number.set(row.getLong("seq"));
          byte[] key = row.getBytes("k");
          if (key != null) {
            put(rows, Key.of(key), row, share);
          }
        });
    Freshness.require(number.get(), numbers);
    return rows;
  }

  /** A row that cannot be read fails by itself, when it is read alone. */
  private static void put(Map<Key, Versioned> rows, Key key, ResultSet row, long share) {
    try {
      if (row.getLong("bytes") <= share) { // 0 where there is no value.
        rows.put(key, RowQuery.versioned(row));
        return;
      }
    } catch (SQLException e) {
      LOG.debug("a row is read alone, since it cannot be read with others", e);
    }
    rows.remove(key);
  }

  /** Refuses a value that is not read at all. */
  private static void requireReadable(Key key, long bytes) {
    if (isTooLarge(bytes)) {
      throw new RowTooLargeException(key, bytes, LARGEST);
    }
  }

  /** Whether a value has more bytes than are read. */
  static boolean isTooLarge(long bytes) {
    return bytes > LARGEST.bytes();
  }

  private Found find(Key key, FlushSpan numbers, long mostBytes) {
    List<Found> rows =
        reads.query(
            LOAD, (row, i) -> found(row, numbers, mostBytes), mostBytes, key.slot(), key.bytes());
    if (rows.isEmpty()) {
      throw Freshness.outside(Freshness.NOTHING, numbers);
    }
    return rows.getFirst();
  }

  private static Found found(ResultSet row, FlushSpan numbers, long mostBytes) throws SQLException {
    Freshness.require(row.getLong("seq"), numbers);
    long bytes = row.getLong("bytes"); // 0 where there is no value.
    return new Found(bytes > mostBytes ? null : RowQuery.versioned(row), bytes);
  }

  private void acquire(int taken) {
    try {
      if (room.tryAcquire(taken, maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new StoreUnavailableException(
        "the large values that are being read of the database leave no room for another");
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.ceilDiv(bytes * COPIES, UNIT));
  }
}
