package io.weir.cache.server;

import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.util.List;

/** The shard's row, in memory. */
final class FakeShardRegistry implements ShardRegistry {

  private ShardRow row =
      new ShardRow(ShardId.random(), null, null, List.of(), 0, 0, null, List.of(), null, 0);

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
            row.members(),
            row.secret(),
            row.foundingTerm());
  }

  @Override
  public synchronized boolean found(long expected, NodeId founder, String member, String secret) {
    check();
    if (row.generation() != expected) {
      return false;
    }
    row =
        new ShardRow(
            row.id(),
            row.cluster(),
            row.shards(),
            row.ranges(),
            expected + 1,
            row.term(),
            founder,
            List.of(member),
            secret,
            row.term());
    return true;
  }

  @Override
  public synchronized void recordMembers(Claim claim, List<String> members) {
    check();
    if (row.generation() != claim.generation() || row.term() > claim.term()) {
      throw new FencedException("it is led by " + row.leader());
    }
    row =
        new ShardRow(
            row.id(),
            row.cluster(),
            row.shards(),
            row.ranges(),
            row.generation(),
            claim.term(),
            claim.node(),
            members,
            row.secret(),
            row.foundingTerm());
  }

  private void check() {
    if (down) {
      throw FakeBackingStore.unavailable();
    }
  }
}
