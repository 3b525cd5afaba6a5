package io.weir.planted;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowPage;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A store whose transactions pass the fence whoever leads. */
final class UnfencedStore implements BackingStore {

  private final BackingStore store;
  private final Supplier<ShardRegistry> registry;

  UnfencedStore(BackingStore store, Supplier<ShardRegistry> registry) {
    this.store = store;
    this.registry = registry;
  }

  @Override
  public Versioned load(Key key, FlushSpan numbers) {
    return store.load(key, numbers);
  }

  @Override
  public Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers) {
    return store.loadAll(keys, numbers);
  }

  @Override
  public RowPage scan(RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
    return store.scan(range, maxRows, maxBytes, numbers);
  }

  @Override
  public long flushNumber(Claim claim) {
    return store.flushNumber(newest(claim));
  }

  @Override
  public long flushNumberOnNewSession() {
    return store.flushNumberOnNewSession();
  }

  @Override
  public void renewSessions() {
    store.renewSessions();
  }

  @Override
  public FlushReceipt flush(Claim claim, FlushNumber number, Version earlier, List<Write> writes) {
    Claim newest = newest(claim);
    // The number alone would stop an old leader's flush too; and a leader reads only by its own.
    long before = store.flushNumber(newest);
    long next = Math.max(number.number(), before + 1);
    return store.flush(newest, new FlushNumber(before, next), earlier, writes);
  }

  @Override
  public Set<Key> locked(List<Key> keys) {
    return store.locked(keys);
  }

  @Override
  public int deleteExpired(Claim claim, long expiredBeforeMillis, int limit) {
    return store.deleteExpired(newest(claim), expiredBeforeMillis, limit);
  }

  private Claim newest(Claim own) {
    ShardRow row = registry.get().readOrCreate();
    return row.leader() == null || row.term() < own.term()
        ? own
        : new Claim(row.generation(), row.term(), row.leader());
  }
}
