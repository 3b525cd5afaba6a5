package io.weir.master.registry;

import io.weir.model.EventType;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import org.jspecify.annotations.Nullable;

/**
 * One thing that differs between two states of the registry.
 *
 * @param text a sentence for people, without its full stop
 */
record Change(EventType type, @Nullable NodeId node, @Nullable ShardId shard, String text) {}
