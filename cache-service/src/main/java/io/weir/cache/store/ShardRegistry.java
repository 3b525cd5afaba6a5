package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.SlotRange;
import java.util.List;

/**
 * The shard's own record of who it is, kept in its database so that slots follow the data and not a
 * host name. Every method blocks on the database and throws {@link StoreUnavailableException} when
 * it does not answer.
 */
public interface ShardRegistry {

  /**
   * Returns the shard's row; creates it, with a new identity and generation 0, in an empty
   * database.
   */
  ShardRow readOrCreate();

  /**
   * Records what the master assigned. Recording the same again changes nothing.
   *
   * @throws ForeignShardException when the row records another cluster, number of shards or ranges
   */
  void assign(ClusterId cluster, int shards, List<SlotRange> ranges);

  /**
   * Founds the next generation by compare-and-set: its one member, the group's secret, and the term
   * that its own terms count from.
   *
   * @param expectedGeneration the generation that was read
   * @return false when another node has founded one since
   */
  boolean found(long expectedGeneration, NodeId founder, String member, String secret);

  /**
   * Records who keeps the journal, under the fence.
   *
   * @throws FencedException when the claim is not the newest
   */
  void recordMembers(Claim claim, List<String> members);
}
