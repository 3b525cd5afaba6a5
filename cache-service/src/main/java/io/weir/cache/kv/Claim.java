package io.weir.cache.kv;

import io.weir.model.NodeId;

/**
 * The claim under which a node changes its shard's database; the fence of every transaction.
 *
 * @param generation of the shard's group; a change of it makes every older claim void
 * @param term within the generation; a larger one wins
 */
public record Claim(long generation, long term, NodeId node) {}
