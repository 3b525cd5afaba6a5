package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of cache servers and the slots of each, as {@code GET /caches} answers it. Immutable.
 *
 * @param version grows by one with every change that clients can see
 * @param slots number of hash slots, 16,384
 * @param shards in order of their ranges
 * @param spares shards beyond the number that the cluster is to have; they own nothing
 * @param waiting what a master waits for before there is a cluster, as a sentence; else absent
 * @param key the answer to {@code ?key=}, else absent
 */
public record Topology(
    long version,
    int slots,
    TopologyState state,
    List<Shard> shards,
    List<Shard> spares,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String waiting,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable KeyLocation key) {

  public Topology {
    shards = List.copyOf(shards);
    spares = List.copyOf(spares);
  }

  /** Returns the shard that owns a slot, or null while the cluster is forming. */
  public @Nullable Shard ownerOf(int slot) {
    for (Shard shard : shards) {
      if (shard.owns(slot)) {
        return shard;
      }
    }
    return null;
  }

  /** Returns the same topology, of a master that waits for something before there is a cluster. */
  public Topology withWaiting(@Nullable String reason) {
    return new Topology(version, slots, state, shards, spares, reason, key);
  }

  /** Returns the same topology with the location of a key added. */
  public Topology withKey(Key key) {
    Shard owner = ownerOf(key.slot());
    ListedServer leader = owner == null ? null : owner.servingLeader();
    return new Topology(
        version,
        slots,
        state,
        shards,
        spares,
        waiting,
        new KeyLocation(
            key.toString(),
            key.slot(),
            owner == null ? null : owner.id(),
            leader == null ? null : leader.url()));
  }
}
