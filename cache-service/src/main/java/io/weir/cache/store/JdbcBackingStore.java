package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionStatus;

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

  private static final String FLUSH_NUMBER = "SELECT seq FROM flush WHERE one = 1";

  private final JdbcTemplate reads;
  private final JdbcTemplate onNewSession;
  private final RowLoads loads;
  private final RowPages pages;
  private final ExpiredRows expired;
  private final FencedTransactions fenced;
  private final Sessions sessions;
  private final LockWaits waits;
  private final SqlFailures failures;
  private final RareWarning foreignRows = new RareWarning(LOG, System::nanoTime);

  /**
   * @param newSessions gives another session each time, and keeps none
   * @param maxRoomWait how long a large value waits until there is room for it
   */
  JdbcBackingStore(
      DataSource reads,
      DataSource newSessions,
      Duration maxRoomWait,
      UnreadableRows unreadable,
      FencedTransactions fenced,
      Sessions sessions,
      LockWaits waits,
      SqlFailures failures) {
    this.reads = new JdbcTemplate(reads);
    this.onNewSession = new JdbcTemplate(newSessions);
    this.loads = new RowLoads(this.reads, maxRoomWait);
    this.pages = new RowPages(this.reads, unreadable);
    this.expired = new ExpiredRows(this.reads, unreadable);
    this.fenced = fenced;
    this.sessions = sessions;
    this.waits = waits;
    this.failures = failures;
  }

  @Override
  public Versioned load(Key key, FlushSpan numbers) {
    return onTheRightServer(() -> loads.load(key, numbers));
  }

  @Override
  public Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers) {
    return onTheRightServer(() -> loads.loadAll(keys, numbers));
  }

  /** Reads, and once more on a new session when the first one leads to what is too old. */
  private <T> T onTheRightServer(Supplier<T> read) {
    try {
      return translated(read);
    } catch (DatabaseBehindException e) {
      if (!e.mayBeTheSession()) {
        throw e;
      }
      sessions.renewReads();
      return translated(read);
    }
  }

  private <T> T translated(Supplier<T> read) {
    try {
      return read.get();
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failures.unavailable(e);
    }
  }

  @Override
  public RowPage scan(RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
    return onTheRightServer(() -> pages.page(range, maxRows, maxBytes, numbers));
  }

  @Override
  public long flushNumber(Claim claim) {
    return fenced.run(claim, fenced::number);
  }

  @Override
  public long flushNumberOnNewSession() {
    return translated(() ->
        onNewSession.query(FLUSH_NUMBER, (row, i) -> row.getLong(1)).stream()
            .findFirst()
            .orElse(Freshness.NOTHING));
  }

  @Override
  public void renewSessions() {
    sessions.renewAll();
  }

  @Override
  public FlushReceipt flush(Claim claim, FlushNumber number, Version earlier, List<Write> writes) {
    Version highest =
        writes.stream().map(Write::version).max(Comparator.naturalOrder()).orElse(Version.NONE);
    FlushReceipt receipt =
        fenced.run(
            claim,
            transaction -> {
              fenced.take(number, highest);
              return attempt(transaction, earlier, writes);
            });
    if (!receipt.foreign().isEmpty()) {
      foreignRows.of(
          "Replaced {} rows that this shard had not written, of keys that it has; {} is one of"
              + " them. See docs/consistency.md, Rows that others wrote.",
          receipt.foreign().size(),
          receipt.foreign().getFirst());
    }
    return receipt;
  }

  private FlushReceipt attempt(TransactionStatus transaction, Version earlier, List<Write> writes) {
    if (writes.isEmpty()) {
      return new FlushReceipt(2);
    }
    BatchAttempt attempt =
        new BatchAttempt(fenced.jdbc(), failures, System::nanoTime, waits.batch());
    attempt.send(writes);
    ReadBack rows = new ReadBack(fenced.jdbc(), failures, earlier);
    rows.of(attempt.passed());
    rows.refused().forEach(attempt::refusedLater);
    if (attempt.passed().isEmpty()) {
      transaction.setRollbackOnly();
    } else {
      attempt.requireFence();
    }
    return new FlushReceipt(
        2 + attempt.statements() + rows.statements(), rows.foreign(), rows.newer(), attempt.left());
  }

  /**
   * Asks for the rows with and without their locks. Reading without finds a row that another
   * transaction is changing or deleting as it was before.
   */
  @Override
  public Set<Key> locked(List<Key> keys) {
    return fenced.look(() -> {
      Set<Key> locked = new HashSet<>(found(keys, RowQuery::keysSql));
      found(keys, RowQuery::freeKeysSql).forEach(locked::remove);
      return locked;
    });
  }

  /** Looks first, without a transaction: where nothing has expired, nothing is locked. */
  @Override
  public int deleteExpired(Claim claim, long expiredBeforeMillis, int limit) {
    long cutoff;
    List<Key> keys;
    try {
      cutoff = Math.min(expiredBeforeMillis, fenced.requireNoNewerClaim(reads, claim));
      keys = expired.before(cutoff, limit);
    } catch (DataAccessException e) {
      throw failures.unavailable(e);
    }
    if (keys.isEmpty()) {
      return 0;
    }
    return fenced.run(
        claim,
        () ->
            RowStatement.deletesOfExpired(free(keys), cutoff).stream()
                .mapToInt(one -> one.execute(fenced.jdbc()))
                .sum());
  }

  /** Locks those of some rows that no other transaction holds; in the order of their keys. */
  private List<Key> free(List<Key> keys) {
    List<Key> free = found(keys, RowQuery::freeKeysSql);
    free.sort(RowRange.ORDER);
    return free;
  }

  /** The keys that queries for some find, in the transaction of a flush; in no order. */
  private List<Key> found(List<Key> keys, Function<RowQuery, String> sql) {
    List<Key> found = new ArrayList<>(keys.size());
    for (RowQuery query : RowQuery.of(keys)) {
      fenced
          .jdbc()
          .query(
              sql.apply(query),
              query::set,
              (ResultSet row) -> {
                found.add(Key.of(row.getBytes("k")));
              });
    }
    return found;
  }
}
