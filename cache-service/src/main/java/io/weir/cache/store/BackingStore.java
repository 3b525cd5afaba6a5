package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of one shard. Every method blocks on the database, for as long as the configured
 * time-outs allow; callers hold no lock. Safe for use by many threads.
 */
public interface BackingStore {

  /** Most keys of one {@link #loadAll}. */
  int MOST_KEYS = 100;

  /** Most bytes of values that one {@link #loadAll} reads. */
  long MOST_BYTES = RowLoads.AT_ONCE.bytes();

  /**
   * Reads one row.
   *
   * @param numbers that the last flush may have for the answer to count
   * @return what the row holds; {@link Versioned#ABSENT} when there is none. A version of more than
   *     63 bits, which no shard gives, is told as the highest of 63
   * @throws DatabaseBehindException when it has another one, on a new session too
   * @throws RowTooLargeException when the row has a value that is too large to be read
   * @throws StoreUnavailableException when the database does not answer, or other large values take
   *     all the room for them
   */
  Versioned load(Key key, FlushSpan numbers);

  /**
   * Reads some rows with one statement, each as {@link #load} does, but for those that have to be
   * read alone: whose value has more than an equal share of {@link #MOST_BYTES}, or that cannot be
   * read.
   *
   * @param keys at least one, at most {@link #MOST_KEYS}
   * @param numbers that the last flush may have for the answer to count
   * @return what each row holds; no entry for a key that has to be read alone
   * @throws DatabaseBehindException when it has another one, on a new session too
   * @throws StoreUnavailableException when the database does not answer
   */
  Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers);

  /**
   * Reads the first rows of a range, but for those whose key is none or whose value is too large.
   *
   * @param maxRows most of them, at least 1
   * @param maxBytes bound of their values; one row is read whatever it has
   * @param numbers that the last flush may have for the answer to count
   * @throws DatabaseBehindException when it has another one, on a new session too
   * @throws StoreUnavailableException when the database does not answer
   */
  RowPage scan(RowRange range, int maxRows, long maxBytes, FlushSpan numbers);

  /**
   * Reads the number of the last flush that is in the database, behind the fence: no flush of an
   * older claim changes it any more.
   *
   * @throws FencedException when another leader has taken over
   * @throws StoreUnavailableException when the database does not answer
   */
  long flushNumber(Claim claim);

  /**
   * Reads the number of the last flush that is in the database, on a session made for this, so that
   * it is the server's that the address leads to by now. It locks nothing.
   *
   * @return -1 when there is none
   * @throws StoreUnavailableException when the database does not answer
   */
  long flushNumberOnNewSession();

  /**
   * Has all that comes speak to the database on new sessions: the old ones may lead to another
   * server than its address does by now. What is under way goes on.
   */
  void renewSessions();

  /**
   * Applies writes in one transaction that passes the fence first, and takes its number then. A row
   * changes only when the write is newer than it, so that repeating a flush, or part of one,
   * changes nothing; or when this shard cannot have written it. What the rows hold then is read
   * back before the commit.
   *
   * <p>What the database refuses for its data is found out within the transaction, as far as that
   * takes little time, and is not brought; the rest is. Where nothing is left nothing is committed,
   * and the number is not taken.
   *
   * @param number of this flush
   * @param earlier the last version that an earlier leader may have given: a row that is above it,
   *     and newer than its write, is not this shard's. A leader brings the versions of a key in
   *     their order, so it has brought none that is newer
   * @param writes at most one a key, in no particular order
   * @throws FencedException when another leader has taken over; nothing was changed
   * @throws WentBackException when the number of the last flush in the database is not what it must
   *     be; nothing was changed
   * @throws RowsFailedException when it fails at some rows, and not for their data; nothing was
   *     changed
   * @throws StoreUnavailableException on any other failure; the transaction may or may not have
   *     been committed
   */
  FlushReceipt flush(Claim claim, FlushNumber number, Version earlier, List<Write> writes);

  /**
   * Finds rows that other transactions hold, without waiting for any. What is held and is no row,
   * as the gap between two or a row that is not committed, it does not find.
   *
   * @throws StoreUnavailableException when the database does not answer, or when all rows are held,
   *     as by LOCK TABLES
   */
  Set<Key> locked(List<Key> keys);

  /**
   * Deletes rows that expired before a time, by that time and the database's own clock both, in one
   * fenced transaction; in none when there are no such rows. One whose key is none stays.
   *
   * @param limit most rows to delete
   * @return how many were deleted
   * @throws FencedException when another leader has taken over
   * @throws StoreUnavailableException when the database does not answer
   */
  int deleteExpired(Claim claim, long expiredBeforeMillis, int limit);
}
