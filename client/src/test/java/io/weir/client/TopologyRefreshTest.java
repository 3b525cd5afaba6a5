package io.weir.client;

import static io.weir.client.FakeMaster.jumpsOnce;
import static io.weir.client.FakeMaster.topology;
import static io.weir.client.FakeServer.plain;
import static io.weir.client.FakeServer.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a client asks for the topology, and which it believes. */
class TopologyRefreshTest {

  private static final Key KEY = Key.of("user:1");

  private final FakeServer first = FakeServer.start();
  private final FakeServer second = FakeServer.start();
  private final FakeMaster master = new FakeMaster(topology(1, 1, first));

  @AfterEach
  void close() {
    master.close();
    first.close();
    second.close();
  }

  @Test
  void asksTheNextMasterWhenOneIsDown() {
    first.answers(value("Ada"));
    try (FakeServer gone = FakeServer.start();
        FakeServer broken = FakeServer.start().answers(plain(200, "no topology"))) {
      gone.close();
      try (WeirClient client =
          WeirClient.builder()
              .master(gone.url())
              .master(broken.url())
              .master(master.url())
              .watch(false)
              .build()) {
        assertThat(client.get(KEY)).isPresent();
      }
    }
  }

  @Test
  void noMasterAtAllNamesThemAll() {
    master.close();
    try (WeirClient client = master.clientBuilder().master(second.url()).build()) {
      second.answers(plain(500, "broken"));
      assertThatThrownBy(client::topology)
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining(master.url())
          .hasMessageContaining(second.url() + " answered 500: broken");
    }
  }

  @Test
  void requestsGoOnWhileTheMastersAreAway() {
    first.answers(value("Ada"));
    try (WeirClient client = master.clientBuilder().build()) {
      client.topology();
      master.close();
      assertThat(client.get(KEY)).isPresent();
    }
  }

  @Test
  void aSlotWithoutALeaderIsWaitedForUntilTheDeadline() {
    master.publish(topology(2, 1, (FakeServer) null));
    try (WeirClient client =
        master
            .clientBuilder()
            .nanoClock(jumpsOnce(() -> master.server.requests.size() >= 2))
            .build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("no cache server serves its slot " + KEY.slot());
    }
  }

  @Test
  void theLongPollBringsTheNextTopology() {
    AtomicReference<Long> seen = new AtomicReference<>(0L);
    try (WeirClient client = master.clientBuilder().watch(true).build()) {
      client.onTopology(topology -> seen.set(topology.version()));
      await().until(() -> client.knownRouting() != null);
      await()
          .until(() -> master.server.requests.stream().anyMatch(r -> r.contains("wait=30000ms")));
      master.publish(topology(2, 2, second));
      await().until(() -> seen.get() == 2L);
      second.answers(value("Ada"));
      assertThat(client.get(KEY)).isPresent();
    }
    assertThat(first.requests).isEmpty();
  }

  @Test
  void anOlderTopologyIsPassedOverUntilEveryMasterInsists() {
    master.publish(topology(5, 1, first));
    try (WeirClient client = master.clientBuilder().watch(true).build()) {
      await().until(() -> client.knownRouting() != null);
      master.publish(topology(2, 1, second));
      await().until(() -> client.topology().version() == 2);
      assertThat(master.server.requests.size()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void anOlderTopologyIsNotTakenOnTheWordOfOneMaster() {
    FakeServer.Answer[] answers = {
      topologyAnswer(5, first), topologyAnswer(2, second), plain(304, "")
    };
    try (FakeServer confused = FakeServer.start().answers(answers);
        WeirClient client = WeirClient.builder().master(confused.url()).build()) {
      await().until(() -> confused.requests.size() >= 4);
      assertThat(client.topology().version()).isEqualTo(5);
    }
  }

  @Test
  void whatIsKnownOfAClusterIsKeptWhileItsMastersWaitForOne() {
    first.answers(value("Ada"));
    master.publish(topology(5, 1, first));
    try (WeirClient client = master.clientBuilder().watch(true).build()) {
      await().until(() -> client.knownRouting() != null);
      int before = master.server.requests.size();
      master.publish(
          new Topology(
              0,
              HashSlots.COUNT,
              TopologyState.FORMING,
              List.of(),
              List.of(),
              "The registry is empty.",
              null));
      // More often than it takes to be believed that the registry was set up anew.
      await().until(() -> master.server.requests.size() >= before + 5);
      assertThat(client.topology().version()).isEqualTo(5);
      assertThat(client.get(KEY)).isPresent();

      master.publish(topology(1, 1, first));
      await().until(() -> client.topology().version() == 1);
    }
  }

  private static FakeServer.Answer topologyAnswer(long version, FakeServer leader) {
    return exchange ->
        FakeServer.send(
            exchange, 200, Json.MAPPER.writeValueAsString(topology(version, 1, leader)));
  }

  @Test
  void aMasterThatCannotWaitIsNotAskedInATightLoop() {
    try (FakeServer eager = FakeServer.start().answers(topologyAnswer(1, first), plain(304, ""))) {
      long start = System.nanoTime();
      try (WeirClient _ = WeirClient.builder().master(eager.url()).build()) {
        await().until(() -> eager.requests.size() >= 6);
      }
      // After the second at least 25 ms, then 50, 100 and 200.
      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(375).toNanos());
    }
  }
}
