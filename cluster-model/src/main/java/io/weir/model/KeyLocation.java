package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where one key lives.
 *
 * @param shard null while no shard owns the slot
 * @param url of the leader; null while there is none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record KeyLocation(String key, int slot, @Nullable ShardId shard, @Nullable URI url) {}
