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
import io.weir.cache.store.RowsFailedException;
import io.weir.cache.store.RowsFailedException.Kind;
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
import java.util.stream.Collectors;
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

  /** The keys of each statement that read several rows. */
  public final List<List<Key>> statements = new CopyOnWriteArrayList<>();

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

  /** Called before expired rows are deleted. */
  public volatile Runnable beforeDelete = () -> {};

  /** The rows that are refused for their data. */
  public volatile Predicate<Write> poison = write -> false;

  /** The rows at which a statement fails with an error that nobody knows. */
  public volatile Predicate<Write> broken = write -> false;

  /** The keys whose row another transaction holds, as can be seen. */
  public volatile Predicate<Key> locked = key -> false;

  /** The keys that another transaction holds the gap of, which cannot be seen. */
  public volatile Predicate<Key> gap = key -> false;

  /** Whether another session holds the whole table. */
  public volatile boolean tableLocked;

  /** How many rows one statement has, and how many refusals one transaction. */
  public volatile int rowsOfStatement = 16;

  public volatile int mostRefusals = 64;

  /** How often a statement has waited for a lock in vain. */
  public final AtomicInteger lockWaits = new AtomicInteger();

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
    broken = write -> false;
    locked = key -> false;
    gap = key -> false;
    tableLocked = false;
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
    rows.put(key, Versioned.of(new Version(version), value));
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

  /** One statement: each row is read as a single one is, and what is large is left out. */
  @Override
  public Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers) {
    statements.add(List.copyOf(keys));
    Map<Key, Versioned> found = new HashMap<>();
    for (Key key : keys) {
      Value value = row(key, numbers).value();
      if (value == null || value.bytes().length <= MOST_BYTES / keys.size()) {
        beforeLoad.accept(key);
        found.put(key, row(key, numbers));
        afterLoad.accept(key);
      }
    }
    return found;
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
    beforeDelete.run();
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
    FlushReceipt.Left left = attempt(writes);
    FlushReceipt receipt = new FlushReceipt(2, List.of(), Map.of(), left);
    List<Write> brought = receipt.brought(writes);
    return brought.isEmpty() && !writes.isEmpty() ? receipt : apply(flush, earlier, brought, left);
  }

  /** Sends the statements, which fail as they are told to. */
  private FlushReceipt.Left attempt(List<Write> writes) {
    Map<Key, String> refused = new HashMap<>();
    List<List<Write>> unresolved = new ArrayList<>();
    for (int from = 0; from < writes.size(); from += rowsOfStatement) {
      List<Write> part = writes.subList(from, Math.min(writes.size(), from + rowsOfStatement));
      if (tableLocked || part.stream().anyMatch(w -> locked.or(gap).test(w.key()))) {
        lockWaits.incrementAndGet();
        throw failed(Kind.LOCKED, part);
      }
      if (part.stream().anyMatch(broken)) {
        throw failed(Kind.ERROR, part);
      }
      List<Write> poisoned = part.stream().filter(poison).toList();
      if (refused.size() + poisoned.size() <= mostRefusals) {
        poisoned.forEach(write -> refused.put(write.key(), "refused " + write.key()));
      } else {
        int half = part.size() / 2;
        unresolved.add(part.subList(0, half));
        unresolved.add(part.subList(half, part.size()));
      }
    }
    return new FlushReceipt.Left(refused, unresolved, List.of());
  }

  private static RowsFailedException failed(Kind kind, List<Write> part) {
    return new RowsFailedException(kind, part, "failed", new IllegalStateException("no"));
  }

  @Override
  public Set<Key> locked(List<Key> keys) {
    if (tableLocked) {
      throw unavailable();
    }
    return keys.stream().filter(locked).collect(Collectors.toSet());
  }

  private FlushReceipt apply(
      FlushNumber flush, Version earlier, List<Write> writes, FlushReceipt.Left left) {
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
    return new FlushReceipt(2, foreign, newer, left);
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
      rows.put(write.key(), Versioned.of(write.version(), write.value()));
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
