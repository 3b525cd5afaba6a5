package io.weir.cache.store;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/**
 * Finds rows that have expired, the longest expired first, past those that are unreadable.
 *
 * <p>After a full batch it goes on behind it, and begins anew when no more are found: as long as a
 * transaction keeps an old view, the index holds what was deleted, and each look from its beginning
 * would pass all of that. So a row that could not be deleted is found again the next time round. It
 * looks a few times for a batch, and goes on there as well: there may be many unreadable rows.
 */
final class ExpiredRows {

  private static final String NEXT =
      """
      SELECT expires_at, slot, k FROM kv
      WHERE expires_at >= ? AND expires_at < ?
      AND (expires_at > ? OR slot > ? OR (slot = ? AND k > ?))
      ORDER BY expires_at, slot, k LIMIT ?\
      """;

  /** How often it looks for one batch. */
  static final int LOOKS = 8;

  private static final RowMapper<Found> FOUND =
      (row, i) -> new Found(row.getLong(1), row.getInt(2), row.getBytes(3));

  private final JdbcTemplate reads;
  private final UnreadableRows unreadable;
  private volatile Found behind = Found.BEFORE_ALL;

  ExpiredRows(JdbcTemplate reads, UnreadableRows unreadable) {
    this.reads = reads;
    this.unreadable = unreadable;
  }

  /** A row's place in the index of the expiry. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Found(long expiresAt, int slot, byte[] key) {

    static final Found BEFORE_ALL = new Found(Long.MIN_VALUE, -1, new byte[0]);
  }

  /**
   * The keys of rows that expired before a time.
   *
   * @param limit most of them, at least 1
   */
  List<Key> before(long millis, int limit) {
    List<Key> keys = new ArrayList<>();
    Found last = behind;
    behind = Found.BEFORE_ALL;
    for (int looks = 0; looks < LOOKS; looks++) {
      List<Found> some = after(last, millis, limit);
      for (Found one : some) {
        Key key = unreadable.keyOf(one.slot, one.key);
        if (key != null) {
          keys.add(key);
        }
        if (keys.size() == limit) {
          behind = one;
          return keys;
        }
      }
      if (some.size() < limit) {
        return keys;
      }
      last = some.getLast();
    }
    behind = last;
    return keys;
  }

  private List<Found> after(Found last, long millis, int limit) {
    return reads.query(
        NEXT, FOUND, last.expiresAt, millis, last.expiresAt, last.slot, last.slot, last.key, limit);
  }
}
