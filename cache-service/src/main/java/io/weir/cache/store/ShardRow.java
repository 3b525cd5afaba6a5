package io.weir.cache.store;

import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row of the shard's own table: who the database belongs to, and who leads it.
 *
 * @param cluster null until the master has assigned ranges
 * @param shards number of shards in the cluster; null until then
 * @param ranges the slots whose rows live here; empty until then
 * @param leader who took the term; null while nobody has
 * @param members of the Raft group of this generation; empty without a journal
 */
public record ShardRow(
    ShardId id,
    @Nullable ClusterId cluster,
    @Nullable Integer shards,
    List<SlotRange> ranges,
    long generation,
    long term,
    @Nullable NodeId leader,
    List<NodeId> members) {

  public ShardRow {
    ranges = List.copyOf(ranges);
    members = List.copyOf(members);
  }
}
