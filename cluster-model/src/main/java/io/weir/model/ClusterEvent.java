package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that has happened to the cluster, as {@code GET /status} lists it.
 *
 * @param at by the registry database's clock
 * @param nodeId the server that it is about; null when it is about none
 * @param shard the shard that it is about; null when it is about none
 * @param text a sentence for people
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ClusterEvent(
    Instant at, EventType type, @Nullable NodeId nodeId, @Nullable ShardId shard, String text) {}
