package io.weir.cache.engine;

import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.RowPage;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pages of all that the shard holds: the database's rows, with what is dirty over them.
 *
 * <p><b>Ordering.</b> The dirty entries are copied first and the rows read afterwards, so that a
 * write which is flushed and evicted in between is found in one of the two; of both, the newer
 * version counts. So each entry is what its key held at some moment between, and no write that was
 * acknowledged before the page began is missing from it. Pages are of different moments.
 *
 * <p><b>Memory.</b> A page holds so many entries, and the bytes that it asks the database for; what
 * is dirty is resident anyway.
 */
record Scan(
    BackingStore store,
    StripedDirtySet dirtySet,
    DatabaseProgress progress,
    Expiry expiry,
    ForeignRows foreignRows) {

  ScanPage page(ScanRequest request) {
    List<Write> dirty = dirtySet.dirtyOf(request.range(), request.maxEntries());
    RowPage rows =
        progress.read(numbers ->
            store.scan(request.range(), request.maxEntries(), request.maxBytes(), numbers));
    // Beyond the end of either there may be keys that it would have had.
    Key end = rows.end();
    if (dirty.size() == request.maxEntries()) {
      end = earlier(end, dirty.getLast().key());
    }
    return cut(merge(rows.rows(), dirty, end), end, request);
  }

  private TreeMap<Key, Versioned> merge(List<Row> rows, List<Write> dirty, @Nullable Key end) {
    TreeMap<Key, Versioned> merged = new TreeMap<>(RowRange.ORDER);
    for (Row row : rows) {
      merged.put(row.key(), foreignRows.scanned(row.what()));
    }
    for (Write write : dirty) {
      merged.merge(
          write.key(),
          Versioned.of(write.version(), write.value()),
          (row, newer) -> row.version().isNewerThan(newer.version()) ? row : newer);
    }
    if (end != null) {
      merged.tailMap(end, false).clear();
    }
    return merged;
  }

  /** Takes what the page has room for; deleted and expired keys need none. */
  private ScanPage cut(TreeMap<Key, Versioned> merged, @Nullable Key end, ScanRequest request) {
    List<Row> entries = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<Key, Versioned> one : merged.entrySet()) {
      Versioned now = expiry.now(one.getValue());
      Value value = now.value();
      if (value == null) {
        continue;
      }
      if (entries.size() == request.maxEntries() || bytes >= request.maxBytes()) {
        return new ScanPage(entries, entries.getLast().key());
      }
      entries.add(new Row(one.getKey(), now));
      bytes += value.bytes().length;
    }
    return new ScanPage(entries, end);
  }

  private static Key earlier(@Nullable Key one, Key other) {
    return one == null || RowRange.ORDER.compare(other, one) < 0 ? other : one;
  }
}
