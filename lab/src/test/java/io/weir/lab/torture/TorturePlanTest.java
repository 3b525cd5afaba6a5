package io.weir.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.lab.cluster.ClusterPlan;
import io.weir.load.run.LoadDoor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorturePlanTest {

  private static final TorturePlan.Shape SHAPE =
      new TorturePlan.Shape(2, 3, 7900, Map.of("weir.durability", "memory"), List.of(), List.of());
  private static final TorturePlan.Traffic TRAFFIC =
      new TorturePlan.Traffic(8, 300, Duration.ofMillis(4), false, LoadDoor.FAST);

  private static TorturePlan.Faults faults(Set<Fault> kinds, long millis) {
    return new TorturePlan.Faults(kinds, 0, Duration.ofMillis(millis));
  }

  private static TorturePlan plan(
      TorturePlan.Shape cluster,
      TorturePlan.Traffic traffic,
      TorturePlan.Faults faults,
      Path... classPath) {
    return new TorturePlan(7, cluster, traffic, faults, List.of(classPath), null);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 8, 300, 1000, '--shards is 1 to 8, got 0'",
    "9, 3, 8, 300, 1000, '--shards is 1 to 8, got 9'",
    "8, 0, 8, 300, 1000, '--members is 1 to 5, got 0'",
    "1, 6, 8, 300, 1000, '--members is 1 to 5, got 6'",
    "1, 5, 0, 300, 1000, '--clients is 1 to 256, got 0'",
    "1, 5, 257, 300, 1000, '--clients is 1 to 256, got 257'",
    "1, 5, 256, 0, 1000, '--keys is 1 to 100000, got 0'",
    "1, 5, 256, 100001, 1000, '--keys is 1 to 100000, got 100001'",
    "0, 0, 0, 0, 999, --duration is at least 1s",
    "0, 0, 0, 0, -1000, --duration is at least 1s"
  })
  void whatCannotBeDoneIsNamedByItsOption(
      int shards, int members, int clients, int keys, long millis, String sentence) {
    assertThatThrownBy(() ->
            plan(
                new TorturePlan.Shape(shards, members, 7900, Map.of(), List.of(), List.of()),
                new TorturePlan.Traffic(clients, keys, Duration.ZERO, false, LoadDoor.FAST),
                faults(EnumSet.of(Fault.KILL), millis)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @Test
  void thePortLeavesRoomForTheDetours() {
    assertThatThrownBy(() ->
            plan(
                new TorturePlan.Shape(2, 3, 61_530, Map.of(), List.of(), List.of()),
                TRAFFIC,
                faults(EnumSet.of(Fault.KILL), 1_000)))
        .hasMessage("--port is 1 to 61529 with these members, got 61530");
  }

  @Test
  void aJarThatIsNotThereIsNamed() {
    Path jar = Path.of("nowhere.jar");
    assertThatThrownBy(() -> plan(SHAPE, TRAFFIC, faults(Set.of(), 1_000), jar))
        .hasMessage("--cache-classpath: there is no file nowhere.jar");
  }

  @Test
  void withoutAFaultThereIsNothingToDo() {
    assertThatThrownBy(() -> plan(SHAPE, TRAFFIC, faults(Set.of(), 1_000)))
        .hasMessage("--faults leaves nothing that can be done with these members");
  }

  private static TorturePlan.Shape paired(Map<String, String> settings, String... replicas) {
    return new TorturePlan.Shape(
        1, 3, 7900, settings, List.of("jdbc:mysql://a:1/weir"), List.of(replicas));
  }

  @Test
  void eachDatabaseHasOneReplicaOrNoneHas() {
    assertThatThrownBy(() ->
            plan(
                paired(Map.of(), "jdbc:mysql://b:1/weir", "jdbc:mysql://c:1/weir"),
                TRAFFIC,
                faults(EnumSet.of(Fault.KILL), 1_000)))
        .hasMessage("--mysql-replica takes one URL for each of the 1 of --mysql, got 2");
  }

  @Test
  void aReplicaLagsForLessThanFlushesSettle() {
    TorturePlan.Faults failover = faults(EnumSet.of(Fault.DATABASE_FAILOVER), 1_000);
    assertThat(plan(paired(Map.of(), "jdbc:mysql://b:1/weir"), TRAFFIC, failover).longestLag())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(
            plan(
                    paired(Map.of("weir.write-back.settle", "10s"), "jdbc:mysql://b:1/weir"),
                    TRAFFIC,
                    failover)
                .longestLag())
        .isEqualTo(Duration.ofSeconds(4));
    assertThatThrownBy(() ->
            plan(
                paired(Map.of("weir.write-back.settle", "0s"), "jdbc:mysql://b:1/weir"),
                TRAFFIC,
                failover))
        .hasMessageStartingWith(
            "database-failover takes --set weir.write-back.settle of at least 1s");
    assertThatThrownBy(() ->
            plan(
                paired(Map.of("weir.write-back.settle", "soon"), "jdbc:mysql://b:1/weir"),
                TRAFFIC,
                failover))
        .hasMessageStartingWith("--set weir.write-back.settle: ");
  }

  @Test
  void theClusterIsStartedInItsShapeWithTheSettingsOfTheTorture() {
    Map<String, String> settings = Map.of("weir.cache.stripes", "4");
    assertThat(SHAPE.with(settings)).isEqualTo(new ClusterPlan(2, 3, 7900, settings, List.of()));
  }
}
