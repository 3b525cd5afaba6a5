package io.weir.planted;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowPage;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.model.Key;
import java.util.List;
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
  public Versioned load(Key key) {
    return store.load(key);
  }

  @Override
  public RowPage scan(RowRange range, int maxRows, long maxBytes) {
    return store.scan(range, maxRows, maxBytes);
  }

  @Override
  public FlushReceipt flush(Claim claim, List<Write> writes) {
    return store.flush(newest(claim), writes);
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
