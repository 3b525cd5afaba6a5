package io.weir.master.registry;

import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.RegistrationRequest;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a registration, as a pure function from one state of the registry to the next.
 *
 * <p><b>Ranges</b> follow the data. What a shard's database records is kept, adopted or refused,
 * never overruled; only a shard that records none is given the next free one of the equal ranges.
 *
 * <p><b>Claims.</b> A claim to lead counts with a larger (generation, term) than the shard has
 * seen, or an equal one from the node that made it; any other is refused. A node that does not
 * claim to lead yet gets no shard that another node holds by a running lease.
 */
final class RegistrationRules {

  private final int shards;
  private final boolean completeAdopted;

  RegistrationRules(int shards, boolean completeAdopted) {
    this.shards = shards;
    this.completeAdopted = completeAdopted;
  }

  /**
   * Returns the state after the registration, with the version of the state before.
   *
   * @throws RegistrationRefusedException when the registry does not take it
   */
  RegistryState register(RegistryState state, Leases leases, RegistrationRequest request) {
    Founding founding = state.founding() == null ? found(request) : state.founding();
    checkCluster(founding, request);
    checkNodeId(state, leases, request);
    ShardRecord known = state.shard(request.shardId());
    ShardRecord shard = known == null ? arrived(state, request.shardId()) : known;
    shard = shard.withRanges(ranges(state, founding, shard, request));
    shard = claimed(state, leases, shard, request);
    NodeRecord node =
        new NodeRecord(
            request.nodeId(),
            request.shardId(),
            request.advertisedUrl(),
            request.externalUrl(),
            request.role(),
            new Claim(request.generation(), request.term()),
            NodeState.UP);
    return state.founded(founding).with(shard).with(node);
  }

  private Founding found(RegistrationRequest request) {
    ClusterId recorded = request.cluster();
    if (recorded == null) {
      return new Founding(ClusterId.random(), shards, false);
    }
    Integer count = request.shards();
    return new Founding(recorded, count == null ? shards : count, true);
  }

  private static void checkCluster(Founding founding, RegistrationRequest request) {
    ClusterId recorded = request.cluster();
    if (recorded != null && !recorded.equals(founding.cluster())) {
      throw new ForeignShardException(
          "The database of shard "
              + request.shardId()
              + " belongs to cluster "
              + recorded
              + "; this master keeps cluster "
              + founding.cluster()
              + ".");
    }
    Integer count = request.shards();
    if (count != null && count != founding.shards()) {
      throw new ForeignShardException(
          "The database of shard "
              + request.shardId()
              + " records a cluster of "
              + count
              + " shards; this master keeps one of "
              + founding.shards()
              + ".");
    }
  }

  /** One process may move to another shard; two processes may not share a node id. */
  private static void checkNodeId(RegistryState state, Leases leases, RegistrationRequest request) {
    NodeRecord same = state.node(request.nodeId());
    if (same != null
        && !same.shard().equals(request.shardId())
        && !same.url().equals(request.advertisedUrl())
        && leases.runs(same)) {
      throw new ShardConflictException(
          "Node id "
              + request.nodeId()
              + " is taken by the server of shard "
              + same.shard()
              + " at "
              + same.url()
              + ", whose lease runs for another "
              + leases.remaining(same).toMillis()
              + " ms.",
          same.id(),
          same.url(),
          leases.remaining(same));
    }
  }

  private static ShardRecord arrived(RegistryState state, ShardId id) {
    int arrival = state.shards().isEmpty() ? 1 : state.shards().getLast().arrival() + 1;
    return new ShardRecord(id, arrival, List.of(), Claim.NONE, null);
  }

  private List<SlotRange> ranges(
      RegistryState state, Founding founding, ShardRecord shard, RegistrationRequest request) {
    List<SlotRange> recorded =
        request.ranges().stream().sorted(Comparator.comparingInt(SlotRange::first)).toList();
    if (!shard.ranges().isEmpty()) {
      if (!recorded.isEmpty() && !recorded.equals(shard.ranges())) {
        throw new ForeignShardException(
            "The database of shard "
                + shard.id()
                + " records slots "
                + recorded
                + "; this master has assigned it "
                + shard.ranges()
                + ".");
      }
      return shard.ranges();
    }
    if (recorded.isEmpty()) {
      return nextFree(state, founding);
    }
    for (ShardRecord other : state.shards()) {
      if (other.overlaps(recorded)) {
        throw new ForeignShardException(
            "The database of shard "
                + shard.id()
                + " records slots "
                + recorded
                + "; this master has assigned "
                + other.ranges()
                + " to shard "
                + other.id()
                + ".");
      }
    }
    return recorded;
  }

  private List<SlotRange> nextFree(RegistryState state, Founding founding) {
    if (founding.adopted() && !completeAdopted) {
      return List.of();
    }
    for (SlotRange range : SlotRange.split(founding.shards())) {
      List<SlotRange> candidate = List.of(range);
      if (state.shards().stream().noneMatch(shard -> shard.overlaps(candidate))) {
        return candidate;
      }
    }
    return List.of();
  }

  private static ShardRecord claimed(
      RegistryState state, Leases leases, ShardRecord shard, RegistrationRequest request) {
    if (request.role() == NodeRole.REPLICA) {
      return shard;
    }
    Claim claim = new Claim(request.generation(), request.term());
    if (request.role() == NodeRole.LEADER) {
      int weight = claim.compareTo(shard.claim());
      boolean own = shard.leader() == null || shard.leader().equals(request.nodeId());
      if (weight > 0 || (weight == 0 && own)) {
        return shard.ledBy(request.nodeId(), claim);
      }
    }
    NodeRecord holder = holder(state, leases, shard, request);
    if (holder != null) {
      throw held(shard, holder, leases.remaining(holder), request);
    }
    if (request.role() == NodeRole.LEADER && shard.leader() != null) {
      throw outdated(shard, shard.leader(), state.node(shard.leader()), request);
    }
    return shard;
  }

  private static ShardConflictException held(
      ShardRecord shard, NodeRecord holder, Duration lease, RegistrationRequest request) {
    return new ShardConflictException(
        "Shard "
            + shard.id()
            + " is held by node "
            + holder.id()
            + " at "
            + holder.url()
            + " with "
            + shard.claim()
            + ", and its lease runs for another "
            + lease.toMillis()
            + " ms; "
            + came(request),
        holder.id(),
        holder.url(),
        lease);
  }

  private static ShardConflictException outdated(
      ShardRecord shard, NodeId leader, @Nullable NodeRecord node, RegistrationRequest request) {
    return new ShardConflictException(
        "Shard "
            + shard.id()
            + " was last led by node "
            + leader
            + " with "
            + shard.claim()
            + ", and a claim must be larger; "
            + came(request),
        leader,
        node == null ? null : node.url(),
        Duration.ZERO);
  }

  private static String came(RegistrationRequest request) {
    return "node "
        + request.nodeId()
        + " came as "
        + request.role().name().toLowerCase(Locale.ROOT)
        + " with "
        + new Claim(request.generation(), request.term())
        + ".";
  }

  /** The node, other than the one that asks, that holds the shard by a running lease. */
  private static @Nullable NodeRecord holder(
      RegistryState state, Leases leases, ShardRecord shard, RegistrationRequest request) {
    NodeRecord found = null;
    for (NodeRecord node : state.nodes()) {
      if (node.shard().equals(shard.id())
          && !node.id().equals(request.nodeId())
          && node.role() != NodeRole.REPLICA
          && leases.runs(node)
          && (found == null || node.id().equals(shard.leader()))) {
        found = node;
      }
    }
    return found;
  }
}
