package io.weir.master.registry;

import io.weir.model.ClusterEvent;
import io.weir.model.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The state, what was last heard of each node, and what has happened.
 *
 * @param at when it was read, by the database's clock
 * @param events newest first
 */
public record Overview(
    RegistryState state, Instant at, Map<NodeId, Sighting> sightings, List<ClusterEvent> events) {

  public Overview {
    sightings = Map.copyOf(sightings);
    events = List.copyOf(events);
  }

  /** What was last heard of a node. */
  public Sighting sighting(NodeRecord node) {
    return sightings.getOrDefault(node.id(), Sighting.NONE);
  }
}
