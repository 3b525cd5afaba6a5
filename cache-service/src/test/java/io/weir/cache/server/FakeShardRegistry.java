package io.weir.cache.server;

import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Leadership;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.util.List;
import java.util.Optional;

/** The shard's row, in memory. */
final class FakeShardRegistry implements ShardRegistry {

  private ShardRow row =
      new ShardRow(ShardId.random(), null, null, List.of(), 0, 0, null, List.of());

  volatile boolean down;

  @Override
  public synchronized ShardRow readOrCreate() {
    check();
    return row;
  }

  @Override
  public synchronized void assign(ClusterId cluster, int shards, List<SlotRange> ranges) {
    check();
    if (row.cluster() != null && !cluster.equals(row.cluster())) {
      throw new ForeignShardException("the database belongs to cluster " + row.cluster());
    }
    row =
        new ShardRow(
            row.id(),
            cluster,
            shards,
            ranges,
            row.generation(),
            row.term(),
            row.leader(),
            List.of());
  }

  @Override
  public synchronized Optional<Leadership> takeGeneration(long expected, NodeId node) {
    check();
    if (row.generation() != expected) {
      return Optional.empty();
    }
    long next = expected + 1;
    row =
        new ShardRow(
            row.id(), row.cluster(), row.shards(), row.ranges(), next, next, node, List.of());
    return Optional.of(new Leadership(next, next, node));
  }

  private void check() {
    if (down) {
      throw FakeBackingStore.unavailable();
    }
  }
}
