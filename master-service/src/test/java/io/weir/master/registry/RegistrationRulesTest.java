package io.weir.master.registry;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.model.ClusterId;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.RegistrationRequest;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RegistrationRulesTest {

  private static final ClusterId CLUSTER = ClusterId.random();
  private static final SlotRange FIRST_HALF = new SlotRange(0, 8191);
  private static final SlotRange SECOND_HALF = new SlotRange(8192, 16383);

  private RegistryState state = new RegistryState(0, null, List.of(), List.of());

  @Test
  void theFirstShardsGetEqualRangesInOrderOfArrival() {
    register(node("b").of(shard(7)).leading(1, 1));
    assertThat(topology().state()).isEqualTo(TopologyState.FORMING);
    assertThat(topology().shards()).extracting(Shard::ranges).containsExactly(List.of(FIRST_HALF));

    register(node("a").of(shard(3)).leading(1, 1));
    assertThat(topology().state()).isEqualTo(TopologyState.SERVING);
    assertThat(topology().shards()).extracting(Shard::id).containsExactly(shard(7), shard(3));
    assertThat(topology().shards())
        .extracting(Shard::ranges)
        .containsExactly(List.of(FIRST_HALF), List.of(SECOND_HALF));
  }

  @Test
  void aLaterShardIsASpare() {
    register(node("a").of(shard(1)).leading(1, 1));
    register(node("b").of(shard(2)).leading(1, 1));
    register(node("c").of(shard(3)).leading(1, 1));
    assertThat(topology().spares()).extracting(Shard::id).containsExactly(shard(3));
    assertThat(topology().shards()).hasSize(2);
  }

  @Test
  void registeringAgainChangesNothing() {
    register(node("a").leading(1, 1));
    RegistryState before = state;
    register(node("a").leading(1, 1));
    assertThat(state.sameAs(before)).isTrue();
  }

  @Test
  void aNodeThatJoinsAnswersNobodyYetAndIsNotListed() {
    register(node("a").joining());
    Shard listed = topology().shards().getFirst();
    assertThat(listed.leader()).isNull();
    assertThat(listed.replicas()).isEmpty();
    register(node("a").replicating());
    assertThat(topology().shards().getFirst().replicas())
        .extracting(ListedServer::nodeId)
        .containsExactly(new NodeId("a"));
  }

  @Test
  void aLeaderThatIsDownStaysTheLeaderAndIsListedAsDown() {
    register(node("a").of(shard(1)).leading(1, 1));
    register(node("b").of(shard(2)).leading(1, 1));
    state = state.with(nodeNamed("a").down());
    Shard listed = topology().shards().getFirst();
    assertThat(listed.leader())
        .isNotNull()
        .extracting(ListedServer::state)
        .isEqualTo(NodeState.DOWN);
    assertThat(listed.servingLeader()).isNull();
    assertThat(listed.replicas()).isEmpty();
    assertThat(topology().state()).isEqualTo(TopologyState.DEGRADED);

    register(node("a").of(shard(1)).leading(1, 1));
    assertThat(topology().state()).isEqualTo(TopologyState.SERVING);
  }

  @Test
  void aForgottenNodeLeavesTheShardItsRanges() {
    register(node("a").leading(4, 9));
    state = state.without(new NodeId("a"));
    Shard listed = topology().shards().getFirst();
    assertThat(listed.leader()).isNull();
    assertThat(listed.replicas()).isEmpty();
    assertThat(listed.ranges()).containsExactly(FIRST_HALF);
    assertThat(listed.term()).isEqualTo(9);
  }

  @Test
  void aSecondLiveNodeIsToBecomeAReplica() {
    register(node("a").leading(1, 1));
    register(node("b").at(7402).joining());
    assertThat(state.nodes()).hasSize(2);
    assertThat(leader()).isEqualTo(new NodeId("a"));
  }

  @Test
  void aLargerClaimTakesOverFromALiveLeaderWhoIsThenAReplica() {
    register(node("a").leading(1, 7));
    register(node("b").at(7402).leading(1, 8));
    assertThat(leader()).isEqualTo(new NodeId("b"));
    assertThat(topology().shards().getFirst().term()).isEqualTo(8);

    // It slept, and does not know yet.
    register(node("a").leading(1, 7));
    assertThat(leader()).isEqualTo(new NodeId("b"));
    assertThat(nodeNamed("a").role()).isEqualTo(NodeRole.REPLICA);
  }

  @Test
  void theSameClaimOfAnotherNodeDoesNotCount() {
    register(node("a").leading(1, 7));
    register(node("b").at(7402).leading(1, 7));
    assertThat(leader()).isEqualTo(new NodeId("a"));
    assertThat(nodeNamed("b").role()).isEqualTo(NodeRole.REPLICA);
  }

  @Test
  void aLeaderThatStepsDownLeavesTheShardWithoutOne() {
    register(node("a").leading(1, 7));
    register(node("a").replicating(1, 7));
    assertThat(topology().shards().getFirst().leader()).isNull();
    assertThat(topology().state()).isNotEqualTo(TopologyState.SERVING);
  }

  @Test
  void whoComesWithAnOlderGenerationIsRefused() {
    register(node("a").leading(2, 9));
    for (RegistrationRequest old :
        List.of(node("b").leading(1, 12), node("b").replicating(1, 12))) {
      assertThatExceptionOfType(ShardConflictException.class)
          .isThrownBy(() -> register(old))
          .withMessageContaining("founded anew")
          .withMessageContaining("last led by node a with generation 2, term 9");
    }
  }

  @Test
  void aRestartedNodeComesAsItselfAndLeadsAgain() {
    register(node("a").leading(1, 1));
    register(node("a").joining());
    assertThat(topology().shards().getFirst().leader()).isNull();
    register(node("a").leading(2, 2));
    assertThat(topology().shards().getFirst().leader()).isNotNull();
  }

  @Test
  void aNodeComesBackAtAnotherAddressOnceItsLeaseHasRunOut() {
    register(node("a").leading(1, 1));
    assertThatExceptionOfType(ShardConflictException.class)
        .isThrownBy(() -> register(node("a").at(7409).leading(1, 1)))
        .withMessageContaining("Node id a is taken")
        .withMessageContaining("at http://127.0.0.1:7401")
        .satisfies(e -> assertThat(e.lease()).isEqualTo(Duration.ofSeconds(5)));

    Leases runOut = Leases.of(0, Map.of(new NodeId("a"), Duration.ZERO));
    state = rules().register(state, runOut, node("a").at(7409).leading(2, 2));
    assertThat(topology().shards().getFirst().leader())
        .isNotNull()
        .extracting(member -> member.url().getPort())
        .isEqualTo(7409);
  }

  @Test
  void replicasAreNoConflict() {
    register(node("a").leading(1, 1));
    register(node("b").at(7402).replicating(1, 1));
    assertThat(topology().shards().getFirst().replicas()).hasSize(1);
    register(node("a").leading(1, 1));
  }

  @Test
  void aNodeMovesToAnotherShardButTwoProcessesDoNotShareAnId() {
    register(node("a").of(shard(1)).leading(1, 1));
    register(node("a").of(shard(2)).leading(1, 1));
    assertThat(topology().shards().getFirst().leader()).isNull();
    assertThat(topology().shards().getLast().leader()).isNotNull();
    assertThatExceptionOfType(ShardConflictException.class)
        .isThrownBy(() -> register(node("a").of(shard(3)).at(7500).leading(1, 1)))
        .withMessageContaining("Node id a is taken");
  }

  @Test
  void anEmptyRegistryAdoptsWhatTheShardsRecord() {
    register(node("b").of(shard(2)).recording(CLUSTER, 2, SECOND_HALF).leading(3, 3));
    assertThat(state.founding()).isEqualTo(new Founding(CLUSTER, 2, true));
    register(node("a").of(shard(1)).recording(CLUSTER, 2, FIRST_HALF).leading(3, 3));
    assertThat(topology().shards()).extracting(Shard::id).containsExactly(shard(1), shard(2));
    assertThat(topology().state()).isEqualTo(TopologyState.SERVING);
  }

  @Test
  void anAdoptedClusterKeepsItsRangesForTheShardsThatHaveTheData() {
    register(node("b").of(shard(2)).recording(CLUSTER, 2, SECOND_HALF).leading(3, 3));
    register(node("new").of(shard(9)).joining());
    assertThat(topology().spares()).extracting(Shard::id).containsExactly(shard(9));

    RegistryState completed =
        new RegistrationRules(2, true, true, Duration.ofSeconds(6))
            .register(state, Leases.NONE, node("x").of(shard(8)).joining());
    assertThat(completed.shard(shard(8)))
        .isNotNull()
        .satisfies(found -> assertThat(found.ranges()).containsExactly(FIRST_HALF));
  }

  @Test
  void whoRecordsNoClusterFoundsNoneUnlessThatIsAskedFor() {
    RegistrationRules waiting = new RegistrationRules(2, false, false, Duration.ofSeconds(6));
    assertThat(waiting.waiting(state)).startsWith("The registry is empty");
    assertThat(rules().waiting(state)).isNull();
    RegistrationRequest spare = node("spare").of(shard(9)).joining();
    assertThatExceptionOfType(NoClusterException.class)
        .isThrownBy(() -> waiting.register(state, Leases.NONE, spare))
        .withMessageContainingAll(shard(9).toString(), "weir.master.found=true");

    state =
        waiting.register(
            state,
            Leases.NONE,
            node("a").of(shard(1)).recording(CLUSTER, 2, FIRST_HALF).leading(3, 3));
    assertThat(waiting.waiting(state)).isNull();
    state = waiting.register(state, Leases.NONE, spare);
    assertThat(topology().shards()).extracting(Shard::id).containsExactly(shard(1));
    assertThat(topology().spares()).extracting(Shard::id).containsExactly(shard(9));
  }

  @Test
  void aShardOfAnotherClusterIsRefused() {
    register(node("a").recording(CLUSTER, 2, FIRST_HALF).leading(1, 1));
    ClusterId other = ClusterId.random();
    assertForeign(
        node("b").of(shard(2)).recording(other, 2, SECOND_HALF).joining(),
        other.toString(),
        CLUSTER.toString());
  }

  @Test
  void aShardThatRecordsAnotherNumberOfShardsIsRefused() {
    register(node("a").recording(CLUSTER, 2, FIRST_HALF).leading(1, 1));
    assertForeign(
        node("b").of(shard(2)).recording(CLUSTER, 3, SECOND_HALF).joining(),
        "3 shards",
        "one of 2");
  }

  @Test
  void aShardThatRecordsOtherSlotsIsRefused() {
    register(node("a").recording(CLUSTER, 2, FIRST_HALF).leading(1, 1));
    assertForeign(
        node("a").recording(CLUSTER, 2, SECOND_HALF).leading(1, 1), "8192-16383", "0-8191");
  }

  @Test
  void aShardThatRecordsTheSlotsOfAnotherIsRefused() {
    register(node("a").of(shard(1)).recording(CLUSTER, 2, FIRST_HALF).leading(1, 1));
    assertForeign(
        node("b").of(shard(2)).recording(CLUSTER, 2, new SlotRange(8000, 9000)).joining(),
        "8000-9000",
        "0-8191",
        shard(1).toString());
  }

  private void assertForeign(RegistrationRequest request, String... parts) {
    assertThatExceptionOfType(ForeignShardException.class)
        .isThrownBy(() -> register(request))
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  private void register(RegistrationRequest request) {
    Map<NodeId, Duration> left =
        state.nodes().stream()
            .collect(Collectors.toMap(NodeRecord::id, node -> Duration.ofSeconds(5)));
    state = rules().register(state, Leases.of(0, left), request);
  }

  private static RegistrationRules rules() {
    return new RegistrationRules(2, true, false, Duration.ofSeconds(6));
  }

  private Topology topology() {
    return TopologyView.of(state, Network.INTERNAL);
  }

  private NodeId leader() {
    return Objects.requireNonNull(topology().shards().getFirst().leader()).nodeId();
  }

  private NodeRecord nodeNamed(String id) {
    return Objects.requireNonNull(state.node(new NodeId(id)));
  }
}
