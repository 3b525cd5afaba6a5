package io.weir.master.registry;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.model.NodeId;
import io.weir.model.NodeState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTest {

  private final RegistryFixture fixture = RegistryFixture.inMemory(2, Duration.ofSeconds(3));
  private final Registry registry = fixture.registry();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aHeartbeatMovesNoVersion() {
    registry.register(node("a").leading(1, 1));
    long version = registry.current().version();
    for (int i = 0; i < 5; i++) {
      registry.register(node("a").leading(1, 1));
    }
    assertThat(registry.current().version()).isEqualTo(version);
  }

  @Test
  void everyChangeThatClientsSeeMovesItByOne() {
    assertThat(registry.current().version()).isZero();
    registry.register(node("a").joining());
    assertThat(registry.current().version()).isEqualTo(1);
    registry.register(node("a").leading(1, 1));
    assertThat(registry.current().version()).isEqualTo(2);
    registry.deregister(new NodeId("a"));
    assertThat(registry.current().version()).isEqualTo(3);
    assertThat(registry.deregister(new NodeId("a"))).isFalse();
    assertThat(registry.current().version()).isEqualTo(3);
  }

  @Test
  void aNodeIsDownAfterItsLeaseAndUpAgainWithItsNextHeartbeat() {
    registry.register(node("a").leading(1, 1));
    registry.sweep();
    assertThat(stateOf("a")).isEqualTo(NodeState.UP);
    await()
        .untilAsserted(() -> {
          registry.sweep();
          assertThat(stateOf("a")).isEqualTo(NodeState.DOWN);
        });
    long version = registry.current().version();
    registry.register(node("a").leading(1, 1));
    assertThat(stateOf("a")).isEqualTo(NodeState.UP);
    assertThat(registry.current().version()).isEqualTo(version + 1);
  }

  @Test
  void aHeartbeatKeepsTheLeaseRunning() {
    registry.register(node("a").leading(1, 1));
    registry.register(node("b").of(shard(2)).leading(1, 1));
    await()
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> {
          registry.register(node("b").of(shard(2)).leading(1, 1));
          registry.sweep();
          assertThat(stateOf("a")).isEqualTo(NodeState.DOWN);
        });
    assertThat(stateOf("b")).isEqualTo(NodeState.UP);
  }

  private NodeState stateOf(String id) {
    return registry.current().nodes().stream()
        .filter(node -> node.id().value().equals(id))
        .findFirst()
        .orElseThrow()
        .state();
  }
}
