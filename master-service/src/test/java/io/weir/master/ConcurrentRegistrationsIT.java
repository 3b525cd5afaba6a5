package io.weir.master;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.HashSlots;
import io.weir.model.RegistrationResponse;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many nodes that come at once to two masters over one registry. */
class ConcurrentRegistrationsIT {

  private static final int SHARDS = 8;
  // A lease that no pause of the test's machine outlasts: every change is then a registration's.
  private static final String[] SETTINGS = {
    "--weir.master.shards=" + SHARDS, "--weir.master.lease=10m"
  };

  private final TestSchema schema = TestDatabase.createSchema("masters");
  private RunningMaster one;
  private RunningMaster two;

  @BeforeEach
  void start() {
    CompletableFuture<RunningMaster> other =
        CompletableFuture.supplyAsync(() -> RunningMaster.over(schema, SETTINGS));
    one = RunningMaster.over(schema, SETTINGS);
    two = other.join();
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    schema.close();
  }

  @Test
  void everyShardGetsOneRangeAndEverySlotAnOwner() throws Exception {
    int comers = 3 * SHARDS;
    List<Callable<List<RegistrationResponse>>> work = new ArrayList<>();
    for (int i = 0; i < comers; i++) {
      int number = i;
      work.add(() -> {
        List<RegistrationResponse> answers = new ArrayList<>();
        // Every node comes to both masters, again and again, joining and then leading.
        for (int round = 0; round < 6; round++) {
          RunningMaster master = (number + round) % 2 == 0 ? one : two;
          var node = node("node-" + number).of(shard(number)).at(8000 + number);
          answers.add(master.register(round == 0 ? node.joining() : node.leading(1, 1)));
        }
        return answers;
      });
    }
    List<Future<List<RegistrationResponse>>> done;
    try (ExecutorService clients = Executors.newFixedThreadPool(comers)) {
      done = clients.invokeAll(work);
    }

    Topology topology = one.caches();
    assertThat(two.caches()).isEqualTo(topology);
    assertThat(topology.state()).isEqualTo(TopologyState.SERVING);
    assertThat(topology.shards()).hasSize(SHARDS);
    assertThat(topology.spares()).hasSize(comers - SHARDS);
    assertDisjointAndComplete(topology);
    Set<String> clusters = new HashSet<>();
    for (Future<List<RegistrationResponse>> node : done) {
      List<RegistrationResponse> answers = node.get();
      assertThat(answers)
          .extracting(RegistrationResponse::topologyVersion)
          .isSortedAccordingTo(Comparator.naturalOrder())
          .allMatch(version -> version <= topology.version());
      assertThat(answers)
          .extracting(RegistrationResponse::slotRanges)
          .containsOnly(rangesOf(topology, answers.getFirst()));
      answers.forEach(answer -> clusters.add(answer.cluster().toString()));
    }
    assertThat(clusters).hasSize(1);
    // One version for each node that came, and one for each that began to lead.
    assertThat(topology.version()).isEqualTo(2L * comers);
  }

  private static List<SlotRange> rangesOf(Topology topology, RegistrationResponse answer) {
    return topology.shards().stream()
        .filter(shard -> shard.id().equals(answer.shard()))
        .findFirst()
        .map(Shard::ranges)
        .orElse(List.of());
  }

  private static void assertDisjointAndComplete(Topology topology) {
    List<SlotRange> ranges =
        topology.shards().stream().flatMap(shard -> shard.ranges().stream()).toList();
    assertThat(ranges).hasSize(SHARDS);
    int next = 0;
    for (SlotRange range : ranges) {
      assertThat(range.first()).isEqualTo(next);
      next = range.last() + 1;
    }
    assertThat(next).isEqualTo(HashSlots.COUNT);
  }
}
