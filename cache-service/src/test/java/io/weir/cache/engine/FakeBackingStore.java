package io.weir.cache.engine;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowPage;
import io.weir.cache.store.RowRejectedException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.cache.store.WentBackException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory, with the guards of the real ones: the fence, and a row that changes only for a
 * newer version. It breaks as it is told to, and notes what no caller may do.
 */
public final class FakeBackingStore implements BackingStore {

  private final Map<Key, Versioned> rows = new HashMap<>();
  private final Map<Key, Long> newest = new HashMap<>();
  private @Nullable Claim leader;
  private long number;

  /** What callers did that they must not do. */
  public final List<String> violations = new CopyOnWriteArrayList<>();

  /** Every batch that was committed. */
  public final List<List<Write>> commits = new CopyOnWriteArrayList<>();

  public final AtomicInteger loads = new AtomicInteger();
  public final AtomicInteger renewals = new AtomicInteger();
  public final AtomicInteger looks = new AtomicInteger();
  public final AtomicInteger flushes = new AtomicInteger();
  private final AtomicInteger flushing = new AtomicInteger();

  /** Before a row is read, and after it was; both may throw, or wait. */
  public volatile Consumer<Key> beforeLoad = key -> {};

  public volatile Consumer<Key> afterLoad = key -> {};

  /** Before rows are scanned, and after they were. */
  public volatile Runnable beforeScan = () -> {};

  public volatile Runnable afterScan = () -> {};

  /** Before a batch is applied, and after it was committed; both may throw, or wait. */
  public volatile Consumer<List<Write>> beforeFlush = writes -> {};

  public volatile Consumer<List<Write>> afterCommit = writes -> {};

  /** Its number as a new session reads it; may throw. */
  public volatile LongSupplier shownOnNewSession = this::number;

  /** When its sessions are made anew. */
  public volatile Runnable onRenewal = () -> {};

  /** The rows that are refused for their data. */
  public volatile Predicate<Write> poison = write -> false;

  /** The failure of a database that does not answer. */
  public static StoreUnavailableException unavailable() {
    return new StoreUnavailableException("no answer", new IllegalStateException("down"));
  }

  /** Makes every call fail. */
  public void goDown() {
    beforeLoad =
        key -> {
          throw unavailable();
        };
    beforeFlush =
        writes -> {
          throw unavailable();
        };
  }

  /** Takes every kind of trouble away. */
  public void heal() {
    beforeLoad = key -> {};
    afterLoad = key -> {};
    beforeFlush = writes -> {};
    afterCommit = writes -> {};
    poison = write -> false;
  }

  /** Becomes what it was before: its rows, and its number. */
  public synchronized void goBackTo(Map<Key, Versioned> then, long thenNumber) {
    rows.clear();
    rows.putAll(then);
    newest.clear();
    then.forEach((key, row) -> newest.put(key, row.version().value()));
    number = thenNumber;
  }

  /** All its rows. */
  public synchronized Map<Key, Versioned> rows() {
    return Map.copyOf(rows);
  }

  /** The number of the last flush that it holds. */
  public synchronized long number() {
    return number;
  }

  /** Puts a row in behind the cache's back. */
  public synchronized void insert(Key key, long version, Value value) {
    rows.put(key, new Versioned(new Version(version), value));
    newest.put(key, version);
  }

  public synchronized Versioned row(Key key) {
    return rows.getOrDefault(key, Versioned.ABSENT);
  }

  /** The newest version that was ever committed for a key, a delete's too; 0 for none. */
  public synchronized long newestVersion(Key key) {
    return newest.getOrDefault(key, 0L);
  }

  public synchronized int size() {
    return rows.size();
  }

  @Override
  public Versioned load(Key key, FlushSpan numbers) {
    loads.incrementAndGet();
    beforeLoad.accept(key);
    Versioned row = row(key, numbers);
    afterLoad.accept(key);
    return row;
  }

  private synchronized Versioned row(Key key, FlushSpan numbers) {
    mustCount(numbers);
    return row(key);
  }

  private void mustCount(FlushSpan numbers) {
    if (!numbers.contains(number)) {
      throw new DatabaseBehindException("flush " + number + " of " + numbers, true);
    }
  }

  @Override
  public RowPage scan(RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
    beforeScan.run();
    RowPage page = scanned(range, maxRows, maxBytes, numbers);
    afterScan.run();
    return page;
  }

  private synchronized RowPage scanned(
      RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
    mustCount(numbers);
    List<Row> found = new ArrayList<>();
    List<Key> keys = rows.keySet().stream().filter(range::contains).sorted(RowRange.ORDER).toList();
    long bytes = 0;
    for (Key key : keys) {
      Value value = row(key).value();
      bytes += value == null ? 0 : value.bytes().length;
      if (found.size() == maxRows || (bytes > maxBytes && !found.isEmpty())) {
        break;
      }
      found.add(new Row(key, row(key)));
    }
    boolean all = found.size() == keys.size() && found.size() < maxRows;
    return new RowPage(found, all ? null : found.getLast().key());
  }

  @Override
  public synchronized long flushNumber(Claim claim) {
    fence(claim);
    return number;
  }

  @Override
  public long flushNumberOnNewSession() {
    looks.incrementAndGet();
    return shownOnNewSession.getAsLong();
  }

  @Override
  public void renewSessions() {
    renewals.incrementAndGet();
    onRenewal.run();
  }

  /** Flushes with the next number, as nobody but a test does. */
  public FlushReceipt flush(Claim claim, Version earlier, List<Write> writes) {
    long now = flushNumber(claim);
    return flush(claim, new FlushNumber(now, now + 1), earlier, writes);
  }

  @Override
  public FlushReceipt flush(Claim claim, FlushNumber flush, Version earlier, List<Write> writes) {
    flushes.incrementAndGet();
    if (flushing.incrementAndGet() > 1) {
      violations.add("two flushes at once");
    }
    try {
      beforeFlush.accept(writes);
      FlushReceipt receipt = commit(claim, flush, earlier, writes);
      afterCommit.accept(writes);
      return receipt;
    } finally {
      flushing.decrementAndGet();
    }
  }

  @Override
  public synchronized int deleteExpired(Claim claim, long before, int limit) {
    fence(claim);
    List<Key> expired = new ArrayList<>();
    rows.forEach((key, row) -> {
      Value value = row.value();
      if (value != null && value.expiresAtMillis() < before && expired.size() < limit) {
        expired.add(key);
      }
    });
    expired.forEach(rows::remove);
    return expired.size();
  }

  private synchronized FlushReceipt commit(
      Claim claim, FlushNumber flush, Version earlier, List<Write> writes) {
    fence(claim);
    if (number < flush.acknowledged() || number >= flush.number()) {
      throw WentBackException.from(flush.acknowledged(), number);
    }
    for (Write write : writes) {
      if (poison.test(write)) {
        throw new RowRejectedException(
            "refused " + write.key(), new IllegalArgumentException("data too long"));
      }
    }
    Set<Key> seen = new HashSet<>();
    for (Write write : writes) {
      if (!seen.add(write.key())) {
        violations.add("two versions of " + write.key() + " in a batch");
      }
    }
    number = flush.number();
    commits.add(List.copyOf(writes));
    List<Key> foreign = new ArrayList<>();
    Map<Key, Version> newer = new HashMap<>();
    for (Write write : writes) {
      Version row = row(write.key()).version();
      if (row.isNewerThan(write.version()) && row.isNewerThan(earlier)) {
        foreign.add(write.key());
        replace(write);
      } else if (row.isNewerThan(write.version())) {
        newer.put(write.key(), row);
      } else if (write.version().isNewerThan(row) || write.isDelete()) {
        apply(write);
      }
    }
    return new FlushReceipt(2, foreign, newer);
  }

  private void apply(Write write) {
    if (write.version().value() < newest.getOrDefault(write.key(), 0L)) {
      violations.add("an older version of " + write.key() + " after a newer one");
    }
    replace(write);
  }

  private void replace(Write write) {
    newest.put(write.key(), write.version().value());
    if (write.isDelete()) {
      rows.remove(write.key());
    } else {
      rows.put(write.key(), new Versioned(write.version(), write.value()));
    }
  }

  private void fence(Claim claim) {
    Claim now = leader;
    if (now != null && now.term() > claim.term()) {
      throw new FencedException("term " + now.term() + " is newer than " + claim.term());
    }
    leader = claim;
  }

  /** Another leader takes the shard over. */
  public synchronized void takeOver(Claim other) {
    leader = other;
  }
}
