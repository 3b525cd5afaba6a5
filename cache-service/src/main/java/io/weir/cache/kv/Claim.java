package io.weir.cache.kv;

import io.weir.model.NodeId;

/**
 * What a leader shows to its shard's database, at the fence that every transaction begins with: a
 * change is made only under the newest claim. Another thing than its reign, which the database
 * cannot know: two reigns of one term have the same claim.
 *
 * @param generation of the shard's group; a change of it makes every older claim void
 * @param term counted over all generations; a larger one wins
 */
public record Claim(long generation, long term, NodeId node) {}
