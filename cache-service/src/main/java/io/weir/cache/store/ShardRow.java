package io.weir.cache.store;

import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The single row of the shard table: who the database belongs to, and who leads it.
 *
 * @param cluster null until the master has assigned ranges
 * @param shards number of shards in the cluster; null until then
 * @param ranges the slots whose rows live here; empty until then
 * @param leader who took the term; null while nobody has
 * @param members who keeps the journal of this generation, as far as the database was told: at
 *     least those whose votes count; empty before the first
 * @param secret of that group; null before the first, and where a dump left it out
 * @param foundingTerm what the terms of this generation's log count from
 * @param reign the newest that the database was told of
 */
public record ShardRow(
    ShardId id,
    @Nullable ClusterId cluster,
    @Nullable Integer shards,
    List<SlotRange> ranges,
    long generation,
    long term,
    @Nullable NodeId leader,
    List<String> members,
    @Nullable String secret,
    long foundingTerm,
    RecordedReign reign) {

  public ShardRow {
    ranges = List.copyOf(ranges);
    members = List.copyOf(members);
  }

  /**
   * Whether the journal of this generation holds nothing that the database does not: its lone
   * member wrote all of it back, stopped, and nobody has led since.
   */
  public boolean isClean() {
    return !reign.mayBeDirty() && reign.generation() == generation && reign.term() == term;
  }

  /** The epoch of the newest reign of this generation that is known; 0 when none is. */
  public long knownEpoch() {
    return reign.generation() == generation ? reign.epoch() : 0;
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "ShardRow[%s, cluster=%s, generation=%d, term=%d, leader=%s, members=%s]"
        .formatted(id, cluster, generation, term, leader, members);
  }
}
