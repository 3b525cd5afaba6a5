package io.weir.master.registry;

import io.weir.model.NodeId;
import io.weir.model.NodeState;
import java.time.Duration;
import java.util.Map;

/**
 * How long each lease still ran when the state was read, by the database's clock.
 *
 * @param left zero or less for a lease that has run out
 * @param others what is taken for a node that is not in {@code left}
 */
record Leases(Map<NodeId, Duration> left, Duration others) {

  static final Leases NONE = new Leases(Map.of(), Duration.ZERO);

  /** For a decision that is to be made anew when a lease matters to it. */
  static final Leases ALL_RUN = new Leases(Map.of(), Duration.ofMillis(1));

  Leases {
    left = Map.copyOf(left);
  }

  static Leases of(Map<NodeId, Duration> left) {
    return new Leases(left, Duration.ZERO);
  }

  boolean runs(NodeRecord node) {
    return !remaining(node).isZero();
  }

  Duration remaining(NodeRecord node) {
    Duration remaining = left.getOrDefault(node.id(), others);
    return node.state() == NodeState.DOWN || remaining.isNegative() ? Duration.ZERO : remaining;
  }
}
