package io.weir.cache.membership;

import io.weir.cache.membership.TopologyView.Known;
import io.weir.cache.membership.TopologyView.Leader;
import io.weir.cache.redis.ClusterMap;
import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Part;
import io.weir.cache.redis.ClusterMap.Standing;
import io.weir.model.Authority;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this server knows of the cluster, as its Redis clients are told: of its own shard who leads
 * by the journal, and of the others as of the last topology.
 *
 * <p><b>Concurrency.</b> The map is made anew by whoever asks first after something has changed,
 * which is told by the snapshots that it was made of; the one behind the volatile field is never
 * older than what its asker had seen change, since it is compared before it is returned.
 */
public final class ClusterView implements Supplier<ClusterMap> {

  private final TopologyView topology;
  private final NodeId node;
  private final URI url;
  private final Supplier<@Nullable URI> fastUrl;

  private volatile @Nullable Made made;

  private record Made(
      @Nullable List<SlotRange> own, @Nullable Known known, Leader leader, ClusterMap map) {

    @SuppressWarnings("ReferenceEquality") // Another snapshot is another object.
    boolean isOf(TopologyView topology) {
      return own == topology.ownRanges()
          && known == topology.known()
          && leader == topology.journalLeader()
          && map.self().port() != 0;
    }
  }

  /**
   * @param url where this server is reached by HTTP
   * @param fastUrl where its fast port is reached; null until that is bound
   */
  public ClusterView(TopologyView topology, NodeId node, URI url, Supplier<@Nullable URI> fastUrl) {
    this.topology = topology;
    this.node = node;
    this.url = url;
    this.fastUrl = fastUrl;
  }

  @Override
  public ClusterMap get() {
    Made last = made;
    if (last != null && last.isOf(topology)) {
      return last.map();
    }
    List<SlotRange> own = topology.ownRanges();
    Known known = topology.known();
    Leader leader = topology.journalLeader();
    ClusterMap map = map(own, known, leader);
    made = new Made(own, known, leader, map);
    return map;
  }

  private ClusterMap map(@Nullable List<SlotRange> own, @Nullable Known known, Leader leader) {
    List<Shard> shards = known == null ? List.of() : known.shards();
    Node self = self();
    boolean leads = url.equals(leader.url());
    List<Part> parts = new ArrayList<>();
    Node instead = self;
    if (own != null && !own.isEmpty()) {
      Part part = own(own, shardOf(own, shards), leader, self);
      parts.add(part);
      instead = part.listed();
    }
    for (Shard shard : shards) {
      if (!isOf(own, shard)) {
        parts.add(foreign(shard, instead));
      }
    }
    return new ClusterMap(
        known == null ? 0 : known.topology().version(), self, own != null, leads, parts);
  }

  private static @Nullable Shard shardOf(List<SlotRange> own, List<Shard> shards) {
    return shards.stream().filter(shard -> isOf(own, shard)).findFirst().orElse(null);
  }

  private static boolean isOf(@Nullable List<SlotRange> own, Shard shard) {
    return own != null && !own.isEmpty() && shard.owns(own.getFirst().first());
  }

  private Node self() {
    URI fast = fastUrl.get();
    return fast == null
        ? new Node(node, Objects.requireNonNull(Authority.of(url)).host(), 0, false, true)
        : Node.of(node, fast, true);
  }

  private Part own(List<SlotRange> ranges, @Nullable Shard shard, Leader leader, Node self) {
    List<ListedServer> others = shard == null ? List.of() : withoutSelf(shard);
    URI leading = leader.url();
    ListedServer known =
        others.stream().filter(one -> one.url().equals(leading)).findFirst().orElse(null);
    Node serving = url.equals(leading) ? self : known == null ? null : reached(known, NodeState.UP);
    Standing standing;
    if (serving != null) {
      standing = Standing.LED;
    } else {
      // Whoever is not listed will be, with the next topology.
      standing = known == null ? Standing.UNLED : Standing.UNREACHABLE;
    }
    List<Node> nodes = new ArrayList<>(reached(others));
    nodes.add(self);
    Node listed = serving != null ? serving : last(shard, nodes);
    return part(ranges, true, standing, serving, listed, nodes);
  }

  private Part foreign(Shard shard, Node instead) {
    ListedServer last = shard.leader();
    ListedServer leader =
        last != null && last.state() == NodeState.UP && !last.nodeId().equals(node) ? last : null;
    List<Node> nodes = reached(withoutSelf(shard));
    Node serving = leader == null ? null : reached(leader, leader.state());
    Standing standing =
        serving != null ? Standing.LED : leader != null ? Standing.UNREACHABLE : Standing.UNLED;
    Node listed = serving != null ? serving : nodes.isEmpty() ? instead : last(shard, nodes);
    return part(shard.ranges(), false, standing, serving, listed, nodes);
  }

  private static Part part(
      List<SlotRange> ranges,
      boolean isOwn,
      Standing standing,
      @Nullable Node serving,
      Node listed,
      List<Node> nodes) {
    return new Part(
        ranges,
        isOwn,
        standing,
        serving,
        listed,
        nodes.stream().filter(one -> !one.id().equals(listed.id())).toList());
  }

  /** The one that has led last; else one that is up; else any. */
  private static Node last(@Nullable Shard shard, List<Node> nodes) {
    ListedServer leader = shard == null ? null : shard.leader();
    return nodes.stream()
        .filter(one -> leader != null && one.id().equals(leader.nodeId()))
        .findFirst()
        .or(() -> nodes.stream().filter(Node::isUp).findFirst())
        .orElse(nodes.getFirst());
  }

  private List<ListedServer> withoutSelf(Shard shard) {
    return Stream.concat(Stream.ofNullable(shard.leader()), shard.replicas().stream())
        .filter(one -> !one.nodeId().equals(node))
        .toList();
  }

  private static List<Node> reached(List<ListedServer> servers) {
    return servers.stream().map(one -> reached(one, one.state())).filter(Objects::nonNull).toList();
  }

  private static @Nullable Node reached(ListedServer server, NodeState state) {
    URI fast = server.fastUrl();
    return fast == null ? null : Node.of(server.nodeId(), fast, state == NodeState.UP);
  }
}
