package io.weir.master.registry;

import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry remembers of a shard, for good.
 *
 * @param arrival 1 for the first shard that registered
 * @param ranges in order; empty for a spare
 * @param claim the largest that was taken
 * @param leader who made that claim, whether it is up or not; null while nobody has
 * @param proof fingerprint of what its servers show; null until all of them have shown one
 * @param proofFrom when it may stand, in milliseconds of the database's clock
 */
public record ShardRecord(
    ShardId id,
    int arrival,
    List<SlotRange> ranges,
    Claim claim,
    @Nullable NodeId leader,
    @Nullable String proof,
    long proofFrom) {

  public ShardRecord {
    ranges = List.copyOf(ranges);
  }

  ShardRecord withRanges(List<SlotRange> assigned) {
    return new ShardRecord(id, arrival, assigned, claim, leader, proof, proofFrom);
  }

  ShardRecord ledBy(NodeId node, Claim by) {
    return new ShardRecord(id, arrival, ranges, by, node, proof, proofFrom);
  }

  ShardRecord provenBy(String fingerprint) {
    return new ShardRecord(id, arrival, ranges, claim, leader, fingerprint, proofFrom);
  }

  /** Its slots alone, as if nobody had ever served it. */
  ShardRecord unclaimed(long proofFrom) {
    return new ShardRecord(id, arrival, ranges, Claim.NONE, null, null, proofFrom);
  }

  boolean overlaps(List<SlotRange> others) {
    for (SlotRange mine : ranges) {
      for (SlotRange other : others) {
        if (mine.first() <= other.last() && other.first() <= mine.last()) {
          return true;
        }
      }
    }
    return false;
  }
}
