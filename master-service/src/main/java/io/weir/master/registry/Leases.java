package io.weir.master.registry;

import io.weir.model.NodeId;
import io.weir.model.NodeState;
import java.time.Duration;
import java.util.Map;

/**
 * What the database's clock said when the state was read, and how long each lease still ran then.
 *
 * @param now in milliseconds since 1970
 * @param left zero or less for a lease that has run out
 * @param others what is taken for a node that is not in {@code left}
 */
record Leases(long now, Map<NodeId, Duration> left, Duration others) {

  static final Leases NONE = new Leases(0, Map.of(), Duration.ZERO);

  /** For a decision that is to be made anew when a lease or the time matters to it. */
  static final Leases ALL_RUN = new Leases(Long.MAX_VALUE, Map.of(), Duration.ofMillis(1));

  Leases {
    left = Map.copyOf(left);
  }

  static Leases of(long now, Map<NodeId, Duration> left) {
    return new Leases(now, left, Duration.ZERO);
  }

  boolean runs(NodeRecord node) {
    return !remaining(node).isZero();
  }

  Duration remaining(NodeRecord node) {
    Duration remaining = left.getOrDefault(node.id(), others);
    return node.state() == NodeState.DOWN || remaining.isNegative() ? Duration.ZERO : remaining;
  }

  /** Tells whether the lease of a node that is down ran out so long ago. */
  boolean ranOut(NodeRecord node, Duration ago) {
    Duration remaining = left.get(node.id());
    return node.state() == NodeState.DOWN
        && (remaining == null || remaining.compareTo(ago.negated()) <= 0);
  }

  boolean isPast(long moment) {
    return now >= moment;
  }

  /** The moment that is so far ahead. */
  long in(Duration time) {
    long millis = time.toMillis();
    return now > Long.MAX_VALUE - millis ? Long.MAX_VALUE : now + millis;
  }
}
