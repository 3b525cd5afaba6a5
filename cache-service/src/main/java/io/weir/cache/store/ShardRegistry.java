package io.weir.cache.store;

import io.weir.cache.kv.Leadership;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.SlotRange;
import java.util.List;
import java.util.Optional;

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
   * Takes the next generation by compare-and-set, and with it the leadership; the term of the claim
   * is the new generation, so that terms never go down.
   *
   * @param expectedGeneration the generation that was read
   * @return the claim; empty when another node has taken a generation since
   */
  Optional<Leadership> takeGeneration(long expectedGeneration, NodeId node);
}
