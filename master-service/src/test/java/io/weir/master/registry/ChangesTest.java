package io.weir.master.registry;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static io.weir.model.EventType.ASSIGNED;
import static io.weir.model.EventType.DEGRADED;
import static io.weir.model.EventType.FAILED_OVER;
import static io.weir.model.EventType.FOUNDED;
import static io.weir.model.EventType.JOINED;
import static io.weir.model.EventType.LED;
import static io.weir.model.EventType.LEFT;
import static io.weir.model.EventType.LOST;
import static io.weir.model.EventType.MOVED;
import static io.weir.model.EventType.RETURNED;
import static io.weir.model.EventType.SERVING;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.EventType;
import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ChangesTest {

  private final RegistrationRules rules =
      new RegistrationRules(1, true, false, Duration.ofSeconds(6));
  private RegistryState state = RegistryState.UNREAD.at(0);

  @Test
  void theFirstServerFoundsTheClusterLeadsAndServes() {
    RegistryState before = state;
    assertThat(register(node("a").leading(3, 4)))
        .containsExactly(FOUNDED, ASSIGNED, JOINED, LED, SERVING);
    assertThat(Changes.between(before, state))
        .extracting(Change::text)
        .anyMatch(text -> text.startsWith("founded cluster "))
        .contains("shard " + shard(1) + " owns slots 0-16383")
        .contains(
            "node a of shard " + shard(1) + " joined, http://127.0.0.1:7401, generation 3, term 4")
        .contains("shard " + shard(1) + " is led by node a, generation 3, term 4")
        .contains("every slot has an owner that serves");
  }

  @Test
  void aLostLeaderDegradesAndItsReturnServes() {
    register(node("a").leading(1, 1));
    assertThat(lose("a")).containsExactly(LOST, DEGRADED);
    assertThat(register(node("a").leading(1, 1))).containsExactly(RETURNED, SERVING);
  }

  @Test
  void anotherLeaderIsAFailover() {
    register(node("a").leading(1, 1));
    register(node("b").at(7402).replicating(1, 1));
    RegistryState before = state;
    assertThat(register(node("b").at(7402).leading(1, 2))).containsExactly(FAILED_OVER);
    assertThat(Changes.between(before, state))
        .singleElement()
        .extracting(Change::node, Change::shard, Change::text)
        .containsExactly(
            new NodeId("b"),
            shard(1),
            "shard " + shard(1) + " is led by node b instead of node a, generation 1, term 2");
  }

  @Test
  void theSameLeaderWithALargerTermIsNoFailover() {
    register(node("a").leading(1, 1));
    assertThat(register(node("a").leading(1, 2))).containsExactly(LED);
  }

  @Test
  void aServerThatStopsLeavesAndOneElsewhereHasMoved() {
    register(node("a").leading(1, 1));
    assertThat(register(node("a").at(7409).leading(1, 1))).containsExactly(MOVED);
    RegistryState before = state;
    state = state.without(new NodeId("a"));
    assertThat(types(before)).containsExactly(LEFT, DEGRADED);
  }

  @Test
  void aHeartbeatIsNoEvent() {
    register(node("a").leading(1, 1));
    assertThat(register(node("a").leading(1, 1))).isEmpty();
  }

  private List<EventType> register(RegistrationRequest request) {
    RegistryState before = state;
    state = rules.register(state, Leases.NONE, request);
    return types(before);
  }

  private List<EventType> lose(String node) {
    RegistryState before = state;
    state = state.with(Objects.requireNonNull(state.node(new NodeId(node))).down());
    return types(before);
  }

  private List<EventType> types(RegistryState before) {
    return Changes.between(before, state).stream().map(Change::type).toList();
  }
}
