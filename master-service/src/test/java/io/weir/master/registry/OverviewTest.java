package io.weir.master.registry;

import static io.weir.master.registry.Registrations.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.model.ClusterEvent;
import io.weir.model.EventType;
import io.weir.model.NodeId;
import io.weir.model.ServerFigures;
import io.weir.model.Spared;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OverviewTest {

  private static final ServerFigures FIGURES =
      new ServerFigures(
          new ServerFigures.Traffic(1.5, 2, 0.5),
          new ServerFigures.Resident(3, 4, 5),
          new ServerFigures.Dirty(6, 7, 8.5),
          new ServerFigures.LossBound(9, 10, 11.5),
          new ServerFigures.Flushed(12.5, 13, 14, 15, 16),
          new ServerFigures.Database(0),
          new ServerFigures.Disk(false),
          new Spared(300.5, 2_000, 21, 10, 40),
          new ServerFigures.Group(0));

  /** More than a registration takes on a busy machine. */
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  private final RegistryFixture fixture =
      RegistryFixture.on(url, "sa", "", 1, Duration.ofSeconds(3));
  private final Registry registry = fixture.registry();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aHeartbeatLeavesItsFiguresAndMovesNoVersion() {
    registry.register(node("a").leading(1, 1));
    Overview before = registry.overview();
    assertThat(before.sighting(before.state().nodes().getFirst()).figures()).isNull();
    registry.register(node("a").saying(FIGURES).leading(1, 1));
    Overview after = registry.overview();
    assertThat(after.sighting(after.state().nodes().getFirst()).figures()).isEqualTo(FIGURES);
    assertThat(after.state().version()).isEqualTo(before.state().version());
    assertThat(after.events()).isEqualTo(before.events());
  }

  @Test
  void theAgeOfTheLastHeartbeatGrowsByTheDatabasesClock() {
    registry.register(node("a").leading(1, 1));
    await().until(() -> age("a").compareTo(A_WHILE) >= 0);
    registry.register(node("a").leading(1, 1));
    assertThat(age("a")).isLessThan(A_WHILE);
  }

  @Test
  void aLostLeaseIsAnEventOfTheTransactionThatListsItAsDown() {
    registry.register(node("a").leading(1, 1));
    await()
        .until(() -> {
          registry.sweep();
          return registry.overview().events().stream()
              .map(ClusterEvent::type)
              .anyMatch(EventType.LOST::equals);
        });
    assertThat(registry.overview().events())
        .extracting(ClusterEvent::type)
        .startsWith(EventType.DEGRADED, EventType.LOST, EventType.SERVING);
    assertThat(registry.overview().at())
        .isAfterOrEqualTo(registry.overview().events().getFirst().at());
  }

  @Test
  void onlyTheNewestEventsAreKept() {
    for (int term = 1; term <= 150; term++) {
      registry.register(node("a").leading(1, term));
    }
    assertThat(registry.overview().events())
        .hasSize(100)
        .first()
        .extracting(ClusterEvent::text)
        .asString()
        .endsWith("term 150");
  }

  @Test
  void anotherMasterSaysTheSame() {
    registry.register(node("a").saying(FIGURES).leading(1, 1));
    try (RegistryFixture other = RegistryFixture.on(url, "sa", "", 1, Duration.ofSeconds(6))) {
      Overview here = registry.overview();
      Overview there = other.registry().overview();
      assertThat(there.state()).isEqualTo(here.state());
      assertThat(there.events()).isEqualTo(here.events());
      assertThat(there.sighting(there.state().nodes().getFirst()).figures()).isEqualTo(FIGURES);
    }
  }

  @Test
  void figuresAreWrittenForTheOtherMastersNowAndThen() {
    registry.register(node("a").saying(FIGURES).leading(1, 1));
    ServerFigures later =
        new ServerFigures(
            new ServerFigures.Traffic(99, 2, 0.5),
            FIGURES.resident(),
            FIGURES.dirty(),
            FIGURES.lossBound(),
            FIGURES.flushed(),
            FIGURES.database(),
            FIGURES.disk(),
            FIGURES.spared(),
            FIGURES.group());
    registry.register(node("a").saying(later).leading(1, 1));
    try (RegistryFixture other = RegistryFixture.on(url, "sa", "", 1, Duration.ofSeconds(6))) {
      assertThat(figures(registry)).isEqualTo(later);
      assertThat(figures(other.registry())).isEqualTo(FIGURES);

      // Who hears the node knows more than who heard it before.
      registry.deregister(new NodeId("a"));
      other.registry().register(node("a").saying(later).leading(1, 1));
      assertThat(figures(registry)).isEqualTo(later);
    }
  }

  private static @Nullable ServerFigures figures(Registry of) {
    Overview overview = of.overview();
    return overview.sighting(overview.state().nodes().getFirst()).figures();
  }

  private Duration age(String id) {
    Overview overview = registry.overview();
    Duration age =
        overview
            .sighting(
                overview.state().nodes().stream()
                    .filter(node -> node.id().value().equals(id))
                    .findFirst()
                    .orElseThrow())
            .age();
    assertThat(age).isNotNull();
    return age == null ? Duration.ZERO : age;
  }
}
