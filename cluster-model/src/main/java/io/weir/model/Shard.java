package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard of the topology: a slice of the slots, and the cache servers in front of its database.
 *
 * @param ranges the slots it owns; empty for a spare
 * @param term grows with every change of leader; of two claims on a key the higher term is right
 * @param leader the last that is known, with its state: one that is {@code down} may be so for the
 *     masters alone, or be followed by another already; null while none is known
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

  /** The leader if it is up; else null. */
  public @Nullable ListedServer servingLeader() {
    return leader != null && leader.state() == NodeState.UP ? leader : null;
  }

  /** Tells whether the shard owns a slot. */
  public boolean owns(int slot) {
    return SlotRange.anyContains(ranges, slot);
  }
}
