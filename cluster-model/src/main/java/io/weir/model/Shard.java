package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard of the topology: a slice of the slots, and the cache servers in front of its database.
 *
 * @param ranges the slots it owns; empty for a spare
 * @param term grows with every change of leader; of two claims on a key the higher term is right
 * @param leader null while there is none; a lone server that is down is listed among the replicas
 */
public record Shard(
    ShardId id,
    List<SlotRange> ranges,
    long term,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable ListedServer leader,
    List<ListedServer> replicas) {

  public Shard {
    ranges = List.copyOf(ranges);
    replicas = List.copyOf(replicas);
  }

  /** Tells whether the shard owns a slot. */
  public boolean owns(int slot) {
    return SlotRange.anyContains(ranges, slot);
  }
}
