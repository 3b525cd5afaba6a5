package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.List;

/**
 * The rows of one shard. Every method blocks on the database, for as long as the configured
 * time-outs allow; callers hold no lock. Safe for use by many threads.
 */
public interface BackingStore {

  /**
   * Reads one row.
   *
   * @return what the row holds; {@link Versioned#ABSENT} when there is none
   * @throws StoreUnavailableException when the database does not answer
   */
  Versioned load(Key key);

  /**
   * Reads the first rows of a range.
   *
   * @param maxRows most of them, at least 1
   * @param maxBytes bound of their values; one row is read whatever it has
   * @throws StoreUnavailableException when the database does not answer
   */
  RowPage scan(RowRange range, int maxRows, long maxBytes);

  /**
   * Applies writes in one transaction that passes the fence first. A row changes only when the
   * write is newer than it, so that repeating a flush, or part of one, changes nothing.
   *
   * @param writes at most one a key, in no particular order
   * @throws FencedException when another leader has taken over; nothing was changed
   * @throws RowRejectedException when the database refuses some row for its data; nothing was
   *     changed
   * @throws StoreUnavailableException on any other failure; the transaction may or may not have
   *     been committed
   */
  FlushReceipt flush(Claim claim, List<Write> writes);

  /**
   * Deletes rows that expired before a time, by that time and the database's own clock both, in one
   * fenced transaction.
   *
   * @param limit most rows to delete
   * @return how many were deleted
   * @throws FencedException when another leader has taken over
   * @throws StoreUnavailableException when the database does not answer
   */
  int deleteExpired(Claim claim, long expiredBeforeMillis, int limit);
}
