package io.weir.master.registry;

import io.weir.model.ClusterId;

/**
 * What is fixed when the first shard registers with an empty registry.
 *
 * @param shards number of shards the cluster is to have
 * @param adopted whether it was taken over from what a shard's database records, because a registry
 *     before this one was lost
 */
public record Founding(ClusterId cluster, int shards, boolean adopted) {}
