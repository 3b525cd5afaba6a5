package io.weir.master.status;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.registry.InMemoryRegistryConfiguration;
import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryFixture;
import io.weir.model.ServerFigures;
import io.weir.model.Spared;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@WebMvcTest(controllers = StatusController.class)
@Import(InMemoryRegistryConfiguration.class)
class StatusControllerTest {

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

  @Autowired private MockMvcTester mvc;
  @Autowired private Registry registry;
  @Autowired private RegistryFixture fixture;

  @BeforeEach
  void reset() {
    fixture.reset();
  }

  @Test
  void anEmptyClusterIsForming() {
    assertThat(mvc.get().uri("/status"))
        .hasStatusOk()
        .hasHeader("Cache-Control", "no-store")
        .bodyJson()
        .isEqualTo(
            """
            {"cluster": null, "state": "forming", "version": 0, "slots": 16384, "servers": [], "events": []}\
            """,
            JsonCompareMode.LENIENT);
  }

  @Test
  void theFormIsTheOneThatIsDocumented() {
    registry.register(
        node("cache-1").fastAt("http://127.0.0.1:9401").saying(FIGURES).leading(1, 3));
    assertThat(mvc.get().uri("/status"))
        .hasStatusOk()
        .bodyJson()
        .isEqualTo(
            """
            {"state": "forming", "version": 1, "slots": 16384,
             "servers": [
               {"nodeId": "cache-1", "url": "http://127.0.0.1:7401",
                "fastUrl": "http://127.0.0.1:9401", "shard": "%1$s",
                "ranges": [{"first": 0, "last": 8191}], "role": "leader", "state": "up", "term": 3,
                "figures": {
                  "getsPerSecond": 1.5, "putsPerSecond": 2.0, "hitRatio": 0.5, "entries": 3,
                  "bytes": 4, "maxBytes": 5, "dirtyEntries": 6, "dirtyBytes": 7,
                  "oldestDirtyAgeSeconds": 8.5, "lossBoundEntries": 9, "lossBoundBytes": 10,
                  "lossBoundAgeSeconds": 11.5, "flushesPerSecond": 12.5, "rowsFlushed": 13,
                  "coalesced": 14, "quarantined": 15, "shed": 16, "recentSeconds": 300.5,
                  "recentWrites": 2000, "recentRows": 21, "recentCommits": 10,
                  "recentStatements": 40}}],
             "recentSeconds": 300.5, "recentStatementsPerThousandWrites": 20.0,
             "recentCommitsPerThousandWrites": 5.0, "recentRowsPerCommit": 2.1,
             "events": [
               {"type": "led", "nodeId": "cache-1", "shard": "%1$s",
                "text": "shard %1$s is led by node cache-1, generation 1, term 3"},
               {"type": "joined", "nodeId": "cache-1", "shard": "%1$s"},
               {"type": "assigned", "nodeId": null, "shard": "%1$s"},
               {"type": "founded", "nodeId": null, "shard": null}]}\
            """
                .formatted(shard(1)),
            JsonCompareMode.LENIENT);
    assertThat(mvc.get().uri("/status"))
        .bodyJson()
        .extractingPath("$.at")
        .asString()
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
  }

  @Test
  void serversStandInTheOrderOfTheirSlotsTheLeaderFirst() {
    registry.register(node("late").of(shard(9)).leading(1, 1));
    registry.register(node("a").of(shard(1)).at(7402).replicating(1, 1));
    registry.register(node("b").of(shard(1)).at(7403).leading(1, 1));
    registry.register(node("spare").of(shard(3)).at(7404).leading(1, 1));
    registry.register(node("c").of(shard(1)).at(7405).joining());
    assertThat(mvc.get().uri("/status"))
        .bodyJson()
        .isEqualTo(
            """
            {"state": "serving",
             "servers": [{"nodeId": "late", "role": "leader"}, {"nodeId": "b", "role": "leader"},
                         {"nodeId": "a", "role": "replica"}, {"nodeId": "c", "role": "joining"},
                         {"nodeId": "spare", "role": "spare", "ranges": []}]}\
            """,
            JsonCompareMode.LENIENT);
  }

  @Test
  void anOldLeaderIsAReplicaOnceAnotherLeads() {
    registry.register(node("old").leading(1, 1));
    registry.register(node("new").at(7402).leading(1, 2));
    assertThat(mvc.get().uri("/status"))
        .bodyJson()
        .isEqualTo(
            """
            {"servers": [{"nodeId": "new", "role": "leader", "figures": null},
                         {"nodeId": "old", "role": "replica"}]}\
            """,
            JsonCompareMode.LENIENT);
  }
}
