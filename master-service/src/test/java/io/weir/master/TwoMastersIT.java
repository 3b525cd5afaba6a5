package io.weir.master;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.model.ClusterEvent;
import io.weir.model.DatabaseServer;
import io.weir.model.EventType;
import io.weir.model.JournalFormats;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.ServerStatus;
import io.weir.model.Shard;
import io.weir.model.Topology;
import io.weir.testing.ExposedMetrics;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two masters over one registry on a real database. */
class TwoMastersIT {

  private static final int SHARDS = 8;
  private static final String[] SETTINGS = {
    "--weir.master.shards=" + SHARDS,
    "--weir.master.lease=6s",
    "--weir.master.heartbeat=500ms",
    "--weir.master.sweep=100ms"
  };

  private static TestSchema schema;
  private static RunningMaster one;
  private static RunningMaster two;

  @BeforeAll
  static void start() {
    schema = TestDatabase.createSchema("master");
    // Both at once: the tables are made once.
    CompletableFuture<RunningMaster> other =
        CompletableFuture.supplyAsync(() -> RunningMaster.over(schema, SETTINGS));
    one = RunningMaster.over(schema, SETTINGS);
    two = other.join();
  }

  @BeforeEach
  void empty() {
    for (String sql :
        List.of(
            "DELETE FROM %s.node",
            "DELETE FROM %s.shard",
            "DELETE FROM %s.cluster_event",
            "UPDATE %s.registry SET cluster_id = NULL, shards = NULL, version = 0")) {
      TestDatabase.get().execute(sql.formatted(schema.name()));
    }
    assertThat(one.caches()).isEqualTo(two.caches());
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    schema.close();
  }

  @Test
  void theMetricsTellWhatIsRegistered() {
    one.register(node("a").of(shard(1)).leading(1, 1));
    one.register(node("b").of(shard(2)).joining());
    String metrics = one.get("/actuator/prometheus").body();
    ExposedMetrics.of(metrics).mustBeAsCatalogued("weir-master");
    assertThat(ExposedMetrics.of(metrics).lint().orElse("")).isEmpty();
    assertThat(metrics)
        .contains(
            "weir_topology_version ",
            "weir_topology_waiters ",
            "weir_nodes{state=\"up\"} 2.0",
            "weir_shards{state=\"led\"} 1.0",
            "weir_shards{state=\"leaderless\"} 1.0",
            "weir_shards{state=\"spare\"} 0.0",
            "weir_cluster_state{state=\"forming\"} 1.0",
            "weir_cluster_state{state=\"serving\"} 0.0",
            "weir_registry_age_seconds ")
        .containsPattern("weir_slots_owned [1-9]");
  }

  @Test
  void rangesSurviveARestart() {
    for (int i = 0; i < SHARDS; i++) {
      one.register(node("n" + i).of(shard(i)).at(8000 + i).leading(1, 1));
    }
    Topology before = one.caches();
    try (RunningMaster restarted = RunningMaster.over(schema, SETTINGS)) {
      for (int i = SHARDS - 1; i >= 0; i--) {
        restarted.register(node("n" + i).of(shard(i)).at(8000 + i).leading(1, 1));
      }
      assertThat(restarted.caches().shards())
          .extracting(Shard::id, Shard::ranges)
          .containsExactlyElementsOf(
              before.shards().stream()
                  .map(shard -> Assertions.tuple(shard.id(), shard.ranges()))
                  .toList());
      assertThat(restarted.caches().version()).isGreaterThanOrEqualTo(before.version());
    }
  }

  @Test
  void aLostLeaseIsSeenAtBothAndEndsAWaitAtEither() throws Exception {
    one.register(node("a").leading(1, 1));
    CompletableFuture<HttpResponse<String>> waiting = waitAt(two, 1);
    Topology down = two.topology(waiting.get(2, TimeUnit.MINUTES));
    Shard lost = down.shards().getFirst();
    assertThat(down.version()).isEqualTo(2);
    assertThat(lost.leader()).isNotNull().extracting(ListedServer::state).isEqualTo(NodeState.DOWN);
    assertThat(lost.replicas()).isEmpty();
    assertThat(one.caches()).isEqualTo(down);

    two.register(node("a").leading(1, 1));
    assertThat(one.caches().shards().getFirst().servingLeader()).isNotNull();
    assertThat(one.caches().version()).isEqualTo(3);
  }

  @Test
  void aChangeAtOneMasterWakesWhoWaitsAtTheOther() throws Exception {
    assertThat(two.caches().version()).isZero();
    CompletableFuture<HttpResponse<String>> waiting = waitAt(two, 0);
    one.register(node("a").leading(1, 1));
    Topology woken = two.topology(waiting.get(2, TimeUnit.MINUTES));
    assertThat(woken.version()).isEqualTo(1);
  }

  @Test
  void aClaimIsWeighedAtTheOtherMasterToo() {
    one.register(node("a").leading(3, 3));
    HttpResponse<String> weighed = two.tryRegister(node("b").at(7402).leading(3, 3));
    assertThat(weighed.body()).contains("\"role\":\"replica\"");

    two.register(node("b").at(7402).leading(4, 1));
    assertThat(one.caches().shards().getFirst().leader())
        .isNotNull()
        .extracting(ListedServer::nodeId)
        .isEqualTo(new NodeId("b"));
    assertThat(one.tryRegister(node("a").leading(3, 3)).statusCode()).isEqualTo(409);
  }

  @Test
  void theJournalOfAServerThatRegisteredWithOneMasterIsKnownAtTheOther() {
    one.register(node("a").journalAt("127.0.0.1:8401:7").leading(1, 1));
    assertThat(two.tryRegister(node("b").at(7402).joining()).body())
        .contains("\"journal\":\"127.0.0.1:8401:7\"");
  }

  @Test
  void theFormatsOfAJournalAreKnownAtTheOtherAndChange() {
    one.register(node("a").journalAt("127.0.0.1:8401:7").formats(2, 1).leading(1, 1));
    assertThat(two.tryRegister(node("b").at(7402).joining()).body())
        .contains("\"journalFormats\":{\"reads\":2,\"writes\":1}");
    one.register(node("a").journalAt("127.0.0.1:8401:7").formats(2, 2).leading(1, 1));
    assertThat(two.status().servers())
        .extracting(ServerStatus::journalFormats)
        .containsExactly(new JournalFormats(2, 2), null);
  }

  @Test
  void theDatabaseServerThatAServerSeesIsKnownAtTheOtherAndChanges() {
    one.register(node("a").journalAt("127.0.0.1:8401:7").seeing("a/b+c=").leading(1, 1));
    assertThat(two.tryRegister(node("b").at(7402).joining()).body())
        .contains("\"databaseServer\":\"a/b+c=\"");
    one.register(node("a").journalAt("127.0.0.1:8401:7").seeing("A/b+c=").leading(1, 1));
    assertThat(two.status().servers())
        .extracting(ServerStatus::databaseServer)
        .containsExactly(new DatabaseServer("A/b+c="), null);
  }

  @Test
  void bothSayTheSameOfWhatHappened() {
    one.register(node("a").leading(1, 1));
    await().until(() -> two.status().servers().getFirst().state() == NodeState.DOWN);
    one.register(node("b").at(7402).leading(2, 1));
    two.register(node("a").replicating(2, 1));
    assertThat(one.status().events())
        .isEqualTo(two.status().events())
        .extracting(ClusterEvent::type)
        .startsWith(EventType.RETURNED, EventType.FAILED_OVER, EventType.JOINED, EventType.LOST);
  }

  @Test
  void aStopEndsWaitsAtOnce() throws Exception {
    RunningMaster third = RunningMaster.over(schema, SETTINGS);
    CompletableFuture<HttpResponse<String>> waiting = waitAt(third, 0);
    third.close();
    assertThat(waiting.get(2, TimeUnit.MINUTES).statusCode()).isEqualTo(304);
  }

  @Test
  void aKeyIsSentOnWithItsRawTarget() throws Exception {
    for (int i = 0; i < SHARDS; i++) {
      one.register(node("n" + i).of(shard(i)).at(8000 + i).leading(1, 1));
    }
    try (Socket socket = new Socket("127.0.0.1", two.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /kv/a/../b//c%2Fd;e?ttl=6s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 307")
          .containsPattern("Location: http://127.0.0.1:800[0-7]/kv/a/../b//c%2Fd;e\\?ttl=6s\r\n");
    }
  }

  @Test
  void theRestOfTheServiceIsThere() {
    assertThat(one.get("/actuator/health/readiness").body()).contains("UP");
    assertThat(one.get("/actuator/health/liveness").body()).contains("UP");
    assertThat(one.get("/actuator/prometheus").body())
        .contains("weir_topology_version", "weir_nodes{state=\"up\"}");
    assertThat(one.get("/v3/api-docs").body())
        .contains("/register", "/caches", "/status", "/kv/{key}", "If-None-Match");
    assertThat(one.get("/").body()).contains("<title>Weir</title>");
    assertThat(one.get("/nothing").headers().firstValue("Content-Type"))
        .hasValue("application/problem+json");
    assertThat(one.get("/nothing").headers().firstValue("Weir-Topology-Version")).hasValue("0");
  }

  /** A request that waits for the next version, sent off and heard of by the server. */
  private static CompletableFuture<HttpResponse<String>> waitAt(RunningMaster master, long known) {
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> master.get("/caches?wait=30s", "If-None-Match", "\"" + known + "\""));
    // Or over already, when the version that it waits for came first.
    await()
        .until(() ->
            waiting.isDone()
                || master.get("/actuator/prometheus").body().contains("weir_topology_waiters 1.0"));
    return waiting;
  }
}
