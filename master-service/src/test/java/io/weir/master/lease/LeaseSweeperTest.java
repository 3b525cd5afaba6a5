package io.weir.master.lease;

import static io.weir.master.registry.Registrations.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.master.registry.Overdue;
import io.weir.master.registry.RegistryFixture;
import io.weir.model.NodeState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseSweeperTest {

  private static final Duration LEASE = Duration.ofMillis(300);

  private final RegistryFixture fixture = RegistryFixture.inMemory(1, LEASE);
  private final AtomicLong now = new AtomicLong();
  private final LeaseSweeper sweeper =
      new LeaseSweeper(fixture.registry(), LEASE, Duration.ofMillis(100), now::get);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMasterThatHasJustStartedGivesNodesOneLeaseToMakeThemselvesHeard() {
    aNodeWhoseLeaseRanOut();
    sweeper.sweep();
    assertThat(listed()).isEqualTo(NodeState.UP);
    pass(LEASE);
    assertThat(listed()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void soDoesOneThatHasNotSeenTheRegistryForLong() {
    pass(LEASE.multipliedBy(2));
    aNodeWhoseLeaseRanOut();
    now.addAndGet(LEASE.toNanos());
    sweeper.sweep();
    assertThat(listed()).isEqualTo(NodeState.UP);
    pass(LEASE);
    assertThat(listed()).isEqualTo(NodeState.DOWN);
  }

  @Test
  void manyThatFallSilentTogetherHaveOneLeaseMore() {
    pass(LEASE);
    nodesWhoseLeaseRanOut("a", "b");
    pass(LEASE);
    assertThat(down()).isEmpty();
    pass(Duration.ofMillis(100));
    assertThat(down()).containsExactly("a", "b");
  }

  @Test
  void manyThatAreHeardAgainInThatTimeWereNeverDown() {
    pass(LEASE);
    nodesWhoseLeaseRanOut("a", "b");
    pass(Duration.ofMillis(200));
    fixture.registry().register(node("a").leading(1, 1));
    fixture.registry().register(node("b").at(7402).replicating(1, 1));
    sweeper.sweep();
    assertThat(down()).isEmpty();
    assertThat(fixture.registry().current().version()).isEqualTo(2);
  }

  @Test
  void aThirdAtMostIsJudgedAtOnce() {
    assertThat(new Overdue(1, 1).isMany()).isFalse();
    assertThat(new Overdue(1, 2).isMany()).isFalse();
    assertThat(new Overdue(2, 6).isMany()).isFalse();
    assertThat(new Overdue(2, 5).isMany()).isTrue();
  }

  @Test
  void itTellsHowLongAgoItHasSeenTheRegistry() {
    now.addAndGet(1_000);
    assertThat(sweeper.unseenNanos()).isEqualTo(1_000);
    sweeper.sweep();
    assertThat(sweeper.unseenNanos()).isZero();
  }

  /** Time goes on in steps of the sweep's interval. */
  private void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      now.addAndGet(Duration.ofMillis(100).toNanos());
      sweeper.sweep();
    }
  }

  private List<String> down() {
    return fixture.registry().current().nodes().stream()
        .filter(node -> node.state() == NodeState.DOWN)
        .map(node -> node.id().value())
        .toList();
  }

  private void aNodeWhoseLeaseRanOut() {
    nodesWhoseLeaseRanOut("a");
  }

  /** The first leads, and the others follow. */
  private void nodesWhoseLeaseRanOut(String first, String... others) {
    fixture.registry().register(node(first).leading(1, 1));
    for (int i = 0; i < others.length; i++) {
      fixture.registry().register(node(others[i]).at(7402 + i).replicating(1, 1));
    }
    long registered = System.nanoTime();
    await().until(() -> System.nanoTime() - registered > LEASE.toNanos() + 50_000_000);
  }

  private NodeState listed() {
    return fixture.registry().current().nodes().getFirst().state();
  }
}
