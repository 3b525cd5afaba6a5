package io.weir.cache.server;

import io.weir.model.Key;
import io.weir.model.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A list of keys in parts, for those who ask: made anew for who asks for the first part, if it is
 * old by then. A list that changes between two parts loses some keys or has them twice, which costs
 * nobody anything.
 *
 * <p><b>Concurrency.</b> One monitor.
 */
final class HotKeyPages {

  /** So small that it does not hold up what else goes over a member's link. */
  private static final int BYTES = 64 << 10;

  private final Supplier<List<Key>> keys;
  private final long maxAgeNanos;
  private final LongSupplier nanos;

  private List<byte[]> pages = List.of();
  private boolean isMade;
  private long madeAt;

  /**
   * @param keys the list as of now
   * @param maxAgeNanos after which it is made anew
   */
  HotKeyPages(Supplier<List<Key>> keys, long maxAgeNanos, LongSupplier nanos) {
    this.keys = keys;
    this.maxAgeNanos = maxAgeNanos;
    this.nanos = nanos;
  }

  /** A part of the list; empty beyond its end. */
  synchronized byte[] page(ShardId shard, int part) {
    long now = nanos.getAsLong();
    if (part == 0 && (!isMade || now - madeAt > maxAgeNanos)) {
      pages = cut(shard, keys.get());
      isMade = true;
      madeAt = now;
    }
    return part >= 0 && part < pages.size() ? pages.get(part) : new byte[0];
  }

  private static List<byte[]> cut(ShardId shard, List<Key> keys) {
    List<byte[]> cut = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < keys.size(); i++) {
      bytes += keys.get(i).length();
      if (bytes >= BYTES || i == keys.size() - 1) {
        cut.add(HotKeyList.encode(shard, keys.subList(from, i + 1)));
        from = i + 1;
        bytes = 0;
      }
    }
    return cut;
  }
}
