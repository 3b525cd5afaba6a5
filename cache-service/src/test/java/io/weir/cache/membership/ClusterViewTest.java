package io.weir.cache.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.redis.ClusterMap;
import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Part;
import io.weir.cache.redis.ClusterMap.Standing;
import io.weir.cache.redis.ClusterRoutes;
import io.weir.cache.redis.Reply;
import io.weir.model.HashSlots;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterViewTest {

  private static final SlotRange LOW = new SlotRange(0, 5460);
  private static final SlotRange MIDDLE = new SlotRange(5461, 10922);
  private static final SlotRange HIGH = new SlotRange(10923, 16383);
  private static final URI URL = url("a", 7401);

  private final TopologyView topology = new TopologyView();
  private @Nullable URI fastUrl = URI.create("http://a:9401");
  private final ClusterView view = new ClusterView(topology, new NodeId("a"), URL, () -> fastUrl);
  private final ClusterRoutes routes = new ClusterRoutes(view);

  private static URI url(String host, int port) {
    return URI.create("http://" + host + ":" + port);
  }

  private static ListedServer server(String name, NodeState state) {
    return new ListedServer(new NodeId(name), url(name, 7401), state, url(name, 9401));
  }

  private static ListedServer up(String name) {
    return server(name, NodeState.UP);
  }

  private static ListedServer down(String name) {
    return server(name, NodeState.DOWN);
  }

  private static ListedServer slow(String name) {
    return new ListedServer(new NodeId(name), url(name, 7401), NodeState.UP);
  }

  private static Shard shard(
      int number, SlotRange range, @Nullable ListedServer leader, ListedServer... replicas) {
    return new Shard(
        new ShardId(new UUID(0, number)), List.of(range), 1, leader, List.of(replicas));
  }

  private static Topology topology(long version, Shard... shards) {
    return new Topology(
        version, HashSlots.COUNT, TopologyState.SERVING, List.of(shards), List.of(), null, null);
  }

  /** This server, a, has the low slots with b; c and d the middle ones; e the high ones. */
  private void threeShards() {
    topology.own(List.of(LOW));
    topology.learn(
        topology(
            7,
            shard(1, LOW, up("a"), up("b")),
            shard(2, MIDDLE, up("c"), up("d")),
            shard(3, HIGH, up("e"))));
    topology.ledBy(URL, 1);
  }

  private static List<String> names(List<Node> nodes) {
    return nodes.stream().map(node -> node.id().value()).toList();
  }

  private String listed(int slot) {
    return view.get().partOf(slot).listed().id().value();
  }

  private Standing standing(int slot) {
    return view.get().partOf(slot).standing();
  }

  private @Nullable String refusal(int slot) {
    return routes.misdirected(slot, false) instanceof Reply.Failure failure ? failure.text() : null;
  }

  @Test
  void beforeAnythingIsKnownThisServerIsListedForAllSlots() {
    assertThat(listed(0)).isEqualTo("a");
    assertThat(listed(16383)).isEqualTo("a");
    assertThat(view.get().epoch()).isZero();
    assertThat(refusal(0)).isNull();
    assertThat(routes.awaitsLeader(0)).isFalse();
  }

  @Test
  void eachSlotHasItsLeader() {
    threeShards();
    ClusterMap map = view.get();
    assertThat(map.epoch()).isEqualTo(7);
    assertThat(map.leads()).isTrue();
    assertThat(listed(5460)).isEqualTo("a");
    assertThat(names(map.partOf(0).others())).containsExactly("b");
    assertThat(listed(5461)).isEqualTo("c");
    assertThat(names(map.partOf(5461).others())).containsExactly("d");
    assertThat(refusal(0)).isNull();
    assertThat(refusal(5461)).isEqualTo("MOVED 5461 c:9401");
    assertThat(refusal(16383)).isEqualTo("MOVED 16383 e:9401");
    assertThat(view.get()).isSameAs(map);
  }

  @Test
  void aReplicaSendsWritersToTheLeaderThatTheJournalNames() {
    threeShards();
    topology.ledBy(url("b", 7401), 2);
    assertThat(view.get().leads()).isFalse();
    assertThat(listed(0)).isEqualTo("b");
    assertThat(names(view.get().partOf(0).others())).containsExactly("a");
    assertThat(refusal(0)).isEqualTo("MOVED 0 b:9401");
    assertThat(routes.misdirected(0, true)).isNull();
    assertThat(routes.misdirected(5461, true)).isEqualTo(new Reply.Failure("MOVED 5461 c:9401"));
  }

  @Test
  void whileNobodyLeadsTheOwnShardItsLastLeaderIsListed() {
    threeShards();
    topology.ledBy(url("b", 7401), 2);
    topology.learn(topology(8, shard(1, LOW, up("b"), up("a")), shard(2, MIDDLE, up("c"))));
    topology.ledBy(null, 2);
    assertThat(listed(0)).isEqualTo("b");
    assertThat(standing(0)).isEqualTo(Standing.UNLED);
    assertThat(refusal(0)).isEqualTo("CLUSTERDOWN The cluster is down");
    assertThat(routes.awaitsLeader(0)).isTrue();
    assertThat(routes.misdirected(0, true)).isNull();
  }

  @Test
  void aLeaderThatTheMastersDoNotHearIsListedAndNobodyIsSentThere() {
    threeShards();
    topology.learn(
        topology(
            8,
            shard(1, LOW, up("a")),
            shard(2, MIDDLE, down("c"), up("d")),
            shard(3, HIGH, up("e"))));
    assertThat(listed(5461)).isEqualTo("c");
    assertThat(refusal(5461)).isEqualTo("CLUSTERDOWN The cluster is down");
    assertThat(routes.awaitsLeader(5461)).isTrue();
    assertThat(routes.awaitsLeader(16383)).isFalse();
  }

  @Test
  void aLeaderThatHasLeftStaysListedUntilAnotherLeads() {
    threeShards();
    topology.learn(
        topology(
            8, shard(1, LOW, up("a")), shard(2, MIDDLE, null, up("d")), shard(3, HIGH, up("e"))));
    assertThat(listed(5461)).isEqualTo("c");
    assertThat(names(view.get().partOf(5461).others())).containsExactly("d");
    topology.learn(
        topology(9, shard(1, LOW, up("a")), shard(2, MIDDLE, up("d")), shard(3, HIGH, up("e"))));
    assertThat(listed(5461)).isEqualTo("d");
    assertThat(refusal(5461)).isEqualTo("MOVED 5461 d:9401");
  }

  /** The last topology of an earlier process knows no leader before that. */
  @Test
  void withoutALastLeaderAServerOfTheShardIsListed() {
    topology.own(List.of(LOW));
    topology.recall(topology(8, shard(2, MIDDLE, null, down("d"), up("f")), shard(3, HIGH, null)));
    assertThat(listed(5461)).isEqualTo("f");
    assertThat(listed(16383)).isEqualTo("a");
  }

  @Test
  void slotsThatARegistrySetUpAnewHasNotSeenKeepTheirShard() {
    threeShards();
    topology.learn(topology(1, shard(1, LOW, up("a"), up("b"))));
    assertThat(view.get().epoch()).isEqualTo(1);
    assertThat(refusal(5461)).isEqualTo("MOVED 5461 c:9401");
    assertThat(refusal(16383)).isEqualTo("MOVED 16383 e:9401");
  }

  @Test
  void slotsThatNoShardOwnsAreListedAndDown() {
    topology.own(List.of(LOW));
    topology.learn(topology(3, shard(1, LOW, up("a"))));
    topology.ledBy(URL, 1);
    assertThat(listed(16383)).isEqualTo("a");
    assertThat(standing(16383)).isEqualTo(Standing.UNOWNED);
    assertThat(refusal(16383)).isEqualTo("CLUSTERDOWN Hash slot not served");
    assertThat(routes.awaitsLeader(16383)).isFalse();
  }

  /** As during a rolling upgrade. */
  @Test
  void aLeaderWithoutAFastPortIsSaidToHaveNone() {
    topology.own(List.of(LOW));
    topology.learn(
        topology(
            3,
            shard(1, LOW, up("a")),
            shard(2, MIDDLE, slow("c"), up("d")),
            shard(3, HIGH, slow("e"))));
    topology.ledBy(URL, 1);
    assertThat(listed(5461)).isEqualTo("d");
    assertThat(listed(16383)).isEqualTo("a");
    assertThat(refusal(5461)).startsWith("CLUSTERDOWN the leader of this slot has no fast port");
    assertThat(routes.awaitsLeader(5461)).isFalse();
    topology.learn(topology(4, shard(1, LOW, slow("b"), up("a"))));
    topology.ledBy(url("b", 7401), 2);
    assertThat(standing(0)).isEqualTo(Standing.UNREACHABLE);
    assertThat(listed(0)).isEqualTo("a");
  }

  @Test
  void aSpareSendsEverybodyElsewhere() {
    topology.own(List.of());
    topology.learn(
        topology(3, shard(1, LOW, up("b")), shard(2, MIDDLE, up("c")), shard(3, HIGH, up("e"))));
    topology.ledBy(URL, 1);
    assertThat(view.get().leads()).isTrue();
    assertThat(refusal(0)).isEqualTo("MOVED 0 b:9401");
  }

  /** Commands come by the port, so that this is for whoever asks before. */
  @Test
  void thePortIsTakenOnceItIsBound() {
    fastUrl = null;
    topology.own(List.of(LOW));
    assertThat(view.get().self().port()).isZero();
    fastUrl = URI.create("https://a");
    assertThat(view.get().self().port()).isEqualTo(443);
    assertThat(view.get().self().isEncrypted()).isTrue();
    assertThat(view.get().self().host()).isEqualTo("a");
  }

  /**
   * Whatever is known: all slots are listed, no server twice, and nobody is sent to this server.
   */
  @Test
  void whateverIsKnownThereIsNoHole() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      if (random.nextInt(4) == 0) {
        topology.own(random.nextBoolean() ? List.of() : List.of(LOW));
      }
      if (random.nextInt(3) == 0) {
        String who = "abcdef".substring(random.nextInt(6)).substring(0, 1);
        topology.ledBy(random.nextBoolean() ? null : url(who, 7401), i);
      }
      topology.learn(randomTopology(random, i));
      ClusterMap map = view.get();
      List<String> servers = new ArrayList<>();
      int slots = 0;
      for (ClusterMap.Group group : map.groups()) {
        servers.add(group.master().id().value());
        servers.addAll(names(group.replicas()));
        slots += group.ranges().stream().mapToInt(SlotRange::size).sum();
      }
      assertThat(servers).as("seed %d", seed).doesNotHaveDuplicates();
      assertThat(slots).as("seed %d", seed).isEqualTo(HashSlots.COUNT);
      for (int slot : new int[] {0, 5460, 5461, 10922, 10923, 16383}) {
        Part part = map.partOf(slot);
        assertThat(names(part.others()))
            .as("seed %d", seed)
            .doesNotContain(part.listed().id().value());
        String refusal = refusal(slot);
        assertThat(refusal == null || !refusal.contains(" a:9401"))
            .as("seed %d, slot %d: %s", seed, slot, refusal)
            .isTrue();
      }
    }
  }

  private static Topology randomTopology(Random random, int version) {
    List<Shard> shards = new ArrayList<>();
    for (SlotRange range : List.of(LOW, MIDDLE, HIGH)) {
      if (random.nextInt(5) == 0) {
        continue;
      }
      List<String> names =
          new ArrayList<>(
              range.equals(LOW)
                  ? List.of("a", "b")
                  : range.equals(MIDDLE) ? List.of("c", "d") : List.of("e", "f"));
      ListedServer leader = null;
      if (random.nextInt(3) > 0) {
        String name = names.remove(random.nextInt(names.size()));
        leader =
            random.nextInt(4) == 0
                ? slow(name)
                : server(name, random.nextInt(3) == 0 ? NodeState.DOWN : NodeState.UP);
      }
      shards.add(
          shard(
              range.first() + 1,
              range,
              leader,
              names.stream().map(ClusterViewTest::up).toArray(ListedServer[]::new)));
    }
    return topology(version, shards.toArray(Shard[]::new));
  }
}
