package io.weir.client;

import static io.weir.client.FakeServer.movedTo;
import static io.weir.client.FakeServer.problem;
import static io.weir.client.FakeServer.value;
import static io.weir.client.FakeServer.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.client.transport.ServerAddress;
import io.weir.model.Consistency;
import io.weir.model.Key;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import io.weir.model.Version;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shards of several servers: who is read from, and how a failover is ridden out. */
@Timeout(600)
class ReplicaTest {

  private static final Key KEY = Key.of("user:1");
  private static final byte[] VALUE = "Ada".getBytes(UTF_8);

  private final FakeServer leader = FakeServer.start().answers(value("leader"));
  private final FakeServer replica = FakeServer.start().answers(value("replica"));
  private final FakeMaster master = new FakeMaster(topology(1, 1, leader, replica));

  @AfterEach
  void close() {
    master.close();
    leader.close();
    replica.close();
  }

  private static Topology topology(
      long version, long term, @Nullable FakeServer leader, FakeServer... replicas) {
    return topology(NodeState.UP, version, term, leader, replicas);
  }

  private static Topology topology(
      NodeState state,
      long version,
      long term,
      @Nullable FakeServer leader,
      FakeServer... replicas) {
    List<ListedServer> others =
        List.of(replicas).stream()
            .map(one -> new ListedServer(new NodeId("n" + one.port()), one.uri(), state))
            .toList();
    ListedServer first =
        leader == null
            ? null
            : new ListedServer(new NodeId("n" + leader.port()), leader.uri(), state);
    return new Topology(
        version,
        16_384,
        TopologyState.SERVING,
        List.of(
            new Shard(
                new ShardId(new UUID(0, 1)),
                List.of(new SlotRange(0, 16_383)),
                term,
                first,
                others)),
        List.of(),
        null,
        null);
  }

  private WeirClientBuilder builder() {
    return WeirClient.builder()
        .master(master.url())
        .deadline(FakeMaster.DEADLINE)
        .connectTimeout(FakeMaster.DEADLINE)
        .readTimeout(FakeMaster.DEADLINE)
        .watch(false);
  }

  private String read(WeirClient client) {
    return new String(client.get(KEY).orElseThrow().value(), UTF_8);
  }

  @Test
  void readsGoToTheLeaderUnlessAskedOtherwise() {
    try (WeirClient client = builder().build()) {
      for (int i = 0; i < 20; i++) {
        assertThat(read(client)).isEqualTo("leader");
      }
    }
    assertThat(replica.requests).isEmpty();
    assertThat(leader.headers.getFirst()).doesNotContainKey("Weir-consistency");
  }

  @Test
  void readsFromAnySpreadOverTheMembersAndSayWhatTheyNeed() {
    try (WeirClient client =
        builder().readFrom(ReadFrom.ANY).consistency(Consistency.EVENTUAL).build()) {
      for (int i = 0; i < 60; i++) {
        assertThat(read(client)).isIn("leader", "replica");
      }
    }
    assertThat(leader.requests).isNotEmpty();
    assertThat(replica.requests).isNotEmpty();
    assertThat(replica.headers.getFirst().get("Weir-consistency")).containsExactly("eventual");
  }

  @Test
  void writesGoToTheLeaderWhereverReadsGo() {
    leader.answers(written(3));
    try (WeirClient client = builder().readFrom(ReadFrom.ANY).build()) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.put(KEY, VALUE).version()).isNotNull();
      }
    }
    assertThat(replica.requests).isEmpty();
  }

  @Test
  void aReplicaThatIsGoneCostsAReadNothingButTime() {
    replica.close();
    try (WeirClient client = builder().readFrom(ReadFrom.ANY).build()) {
      for (int i = 0; i < 10; i++) {
        assertThat(read(client)).isEqualTo("leader");
      }
    }
  }

  @Test
  void aLeaderThatIsGoneIsFoundBehindWhatAReplicaSays() {
    FakeServer successor = FakeServer.start().answers(written(9));
    leader.close();
    replica.answers(movedTo(successor, 2, 1));
    try (successor;
        WeirClient client = builder().build()) {
      // The master knows nothing of it yet.
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(9));
    }
  }

  @Test
  void aLeaderThatTheMastersDoNotHearIsAskedAllTheSame() {
    master.publish(topology(NodeState.DOWN, 2, 1, leader, replica));
    try (WeirClient client = builder().build()) {
      assertThat(read(client)).isEqualTo("leader");
      assertThat(read(client)).isEqualTo("leader");
    }
    assertThat(master.server.requests).hasSize(1);
    assertThat(replica.requests).isEmpty();
  }

  @Test
  void withoutAKnownLeaderAllMembersAreAskedThoughTheyBeDown() {
    FakeServer other = FakeServer.start().answers(problem(421, "not-owner", ""));
    master.publish(topology(NodeState.DOWN, 2, 1, null, other, replica));
    try (other;
        WeirClient client = builder().build()) {
      assertThat(read(client)).isEqualTo("replica");
    }
  }

  @Test
  void aLeaderThatTheClientHasFoundIsRemembered() {
    leader.answers(problem(421, "not-owner", ""));
    replica.answers(written(4));
    try (WeirClient client = builder().build()) {
      for (int i = 0; i < 5; i++) {
        client.put(KEY, VALUE);
      }
      assertThat(leader.requests).hasSize(1);
      assertThat(replica.requests).hasSize(5);
      // Nobody doubts the topology while a member knows the leader.
      assertThat(master.server.requests).hasSize(1);

      // A later term says more.
      leader.answers(written(5));
      master.publish(topology(2, 2, leader, replica));
      client.refresh();
      client.put(KEY, VALUE);
      assertThat(leader.requests).hasSize(2);
    }
  }

  @Test
  void aLeaderThatTheClientHasFoundIsForgottenWhenItLeadsNoMore() {
    leader.answers(problem(421, "not-owner", ""), written(6));
    replica.answers(written(4), problem(421, "not-owner", ""));
    try (WeirClient client = builder().build()) {
      client.put(KEY, VALUE);
      client.put(KEY, VALUE);
      client.put(KEY, VALUE);
    }
    assertThat(leader.requests).hasSize(3);
    assertThat(replica.requests).hasSize(2);
  }

  @Test
  void theConnectionsToAServerThatIsListedAsDownAreKept() {
    try (WeirClient client = builder().build()) {
      assertThat(read(client)).isEqualTo("leader");
      master.publish(topology(NodeState.DOWN, 2, 1, leader, replica));
      client.refresh();
      assertThat(read(client)).isEqualTo("leader");
    }
    assertThat(leader.callers).hasSize(1);
  }

  @Test
  void aWhileWithoutALeaderIsRiddenOut() {
    leader.answers(problem(503, "not-serving", ""), problem(503, "not-serving", ""), written(4));
    replica.answers(problem(503, "not-serving", ""));
    try (WeirClient client = builder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(4));
    }
  }

  @Test
  void aWriteWhoseOutcomeTheServerDoesNotKnowIsAmbiguous() {
    leader.answers(problem(504, "outcome-unknown", ""));
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(AmbiguousOutcomeException.class);
    }
    assertThat(leader.requests).hasSize(1);
  }

  @Test
  void ofTwoServersTheLessBusyAndFasterIsChosen() {
    ServerAddress one = leader.address();
    ServerAddress other = replica.address();
    int[] dice = {0};
    LeastBusy servers = new LeastBusy(bound -> dice[0]++ % bound, () -> 0);
    servers.of(one).began();
    servers.of(one).answered(1_000_000);
    servers.of(other).began();
    servers.of(other).answered(3_000_000);
    assertThat(servers.choose(List.of(one, other))).isEqualTo(one);
    for (int i = 0; i < 3; i++) {
      servers.of(one).began();
    }
    assertThat(servers.choose(List.of(one, other))).isEqualTo(other);
    servers.of(other).began();
    servers.of(other).failed();
    assertThat(servers.choose(List.of(one, other))).isEqualTo(one);
    assertThat(servers.choose(List.of(other))).isEqualTo(other);
  }

  @Test
  void ofTwoServersTheOneThatWasSlowIsAskedAgain() {
    ServerAddress fast = leader.address();
    ServerAddress slow = replica.address();
    long[] now = {0};
    Random random = new Random(1);
    LeastBusy servers = new LeastBusy(random::nextInt, () -> now[0]);
    long[] takesMillis = {500};
    int[] asked = {0};
    Runnable second =
        () -> {
          asked[0] = 0;
          for (int i = 0; i < 1_000; i++) {
            ServerAddress chosen = servers.choose(List.of(fast, slow));
            servers.of(chosen).began();
            boolean isSlow = chosen.equals(slow);
            asked[0] += isSlow ? 1 : 0;
            servers.of(chosen).answered(1_000_000 * (isSlow ? takesMillis[0] : 2));
            now[0] += 1_000_000;
          }
        };
    second.run();
    for (int i = 0; i < 10; i++) {
      second.run();
      assertThat(asked[0]).isBetween(0, 2);
    }
    takesMillis[0] = 1;
    second.run();
    second.run();
    assertThat(asked[0]).isGreaterThan(900);
  }

  @Test
  void aServerThatGoesOnFailingIsAskedLessAndLess() {
    ServerAddress fast = leader.address();
    ServerAddress gone = replica.address();
    long[] now = {0};
    LeastBusy servers = new LeastBusy(new Random(1)::nextInt, () -> now[0]);
    int asked = 0;
    for (int i = 0; i < 127_000; i++) {
      ServerAddress chosen = servers.choose(List.of(fast, gone));
      servers.of(chosen).began();
      if (chosen.equals(gone)) {
        asked++;
        servers.of(gone).failed();
      } else {
        servers.of(fast).answered(2_000_000);
      }
      now[0] += 1_000_000;
    }
    assertThat(asked).isBetween(4, 9);
  }
}
