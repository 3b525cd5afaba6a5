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
 * So it is with the cluster: a registry that is empty may be one that was lost, and a server that
 * records no cluster, such as a spare, founds a new one only where that is asked for.
 *
 * <p><b>Claims.</b> A claim to lead counts with a larger (generation, term) than the shard has
 * seen, or an equal one from the node that made it; whoever makes another is taken for a replica,
 * such as an old leader that has slept. Who serves in an older generation is refused: the shard was
 * founded anew without it. Whose claims are listened to at all, {@link Proofs} says.
 */
final class RegistrationRules {

  private static final String WAITING =
      "The registry is empty, and this master founds no cluster: it waits for a cache server whose"
          + " database records one. weir.master.found=true founds a new one.";

  private final int shards;
  private final boolean found;
  private final boolean completeAdopted;
  private final Duration lease;

  RegistrationRules(int shards, boolean found, boolean completeAdopted, Duration lease) {
    this.shards = shards;
    this.found = found;
    this.completeAdopted = completeAdopted;
    this.lease = lease;
  }

  /** Says what such a registry waits for, where it takes no server that knows no cluster. */
  @Nullable String waiting(RegistryState state) {
    return state.founding() == null && !found ? WAITING : null;
  }

  /**
   * Returns the state after the registration, with the version of the state before.
   *
   * @throws RegistrationRefusedException when the registry does not take it
   */
  RegistryState register(RegistryState state, Leases leases, RegistrationRequest request) {
    Founding founding = state.founding() == null ? found(request) : state.founding();
    checkCluster(founding, request);
    ShardRecord known = state.shard(request.shardId());
    ShardRecord shard = known == null ? arrived(state, leases, request.shardId()) : known;
    Proofs.check(shard, request);
    checkNodeId(state, leases, request);
    shard = shard.withRanges(ranges(state, founding, shard, request));
    shard = claimed(state, shard, request);
    boolean leads = request.role() == NodeRole.LEADER && request.nodeId().equals(shard.leader());
    NodeRecord node =
        new NodeRecord(
            request.nodeId(),
            request.shardId(),
            request.advertisedUrl(),
            request.externalUrl(),
            request.fastUrl(),
            request.externalFastUrl(),
            request.role() == NodeRole.LEADER && !leads ? NodeRole.REPLICA : request.role(),
            new Claim(request.generation(), request.term()),
            request.journal(),
            request.journalFormats(),
            request.databaseServer(),
            Proofs.fingerprint(request),
            NodeState.UP);
    return Proofs.settled(
        state.founded(founding).with(shard).with(node), leases, Proofs.wait(lease), shard);
  }

  /** The state in which nobody has said anything of a shard; its slots stay. */
  RegistryState forgetClaim(RegistryState state, Leases leases, ShardId id) {
    ShardRecord shard = state.shard(id);
    return shard == null ? state : state.unclaimed(shard, leases.in(Proofs.wait(lease)));
  }

  private Founding found(RegistrationRequest request) {
    ClusterId recorded = request.cluster();
    if (recorded == null && !found) {
      throw new NoClusterException(
          "The database of shard " + request.shardId() + " records no cluster. " + WAITING);
    }
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

  /**
   * One process may move to another shard; two may not share a node id. A process that comes back
   * at another address waits for the lease that it had at the old one.
   */
  private static void checkNodeId(RegistryState state, Leases leases, RegistrationRequest request) {
    NodeRecord same = state.node(request.nodeId());
    if (same != null && !same.url().equals(request.advertisedUrl()) && leases.runs(same)) {
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

  private ShardRecord arrived(RegistryState state, Leases leases, ShardId id) {
    int arrival = state.shards().isEmpty() ? 1 : state.shards().getLast().arrival() + 1;
    return new ShardRecord(
        id, arrival, List.of(), Claim.NONE, null, null, leases.in(Proofs.wait(lease)));
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

  /** The shard after a claim to lead it; the same when there is none, or it does not count. */
  private static ShardRecord claimed(
      RegistryState state, ShardRecord shard, RegistrationRequest request) {
    Claim claim = new Claim(request.generation(), request.term());
    if (request.role() != NodeRole.JOINING && claim.generation() < shard.claim().generation()) {
      throw outdated(state, shard, request);
    }
    if (request.role() != NodeRole.LEADER) {
      return shard;
    }
    int weight = claim.compareTo(shard.claim());
    boolean own = shard.leader() == null || shard.leader().equals(request.nodeId());
    return weight > 0 || (weight == 0 && own) ? shard.ledBy(request.nodeId(), claim) : shard;
  }

  private static ShardConflictException outdated(
      RegistryState state, ShardRecord shard, RegistrationRequest request) {
    NodeId leader = shard.leader() == null ? request.nodeId() : shard.leader();
    NodeRecord node = state.node(leader);
    return new ShardConflictException(
        "Shard "
            + shard.id()
            + " was founded anew: it was last led by node "
            + leader
            + " with "
            + shard.claim()
            + ", and node "
            + request.nodeId()
            + " came as "
            + request.role().name().toLowerCase(Locale.ROOT)
            + " with "
            + new Claim(request.generation(), request.term())
            + ".",
        leader,
        node == null ? null : node.url(),
        Duration.ZERO);
  }
}
