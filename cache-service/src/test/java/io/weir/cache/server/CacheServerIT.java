package io.weir.cache.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.membership.FakeMaster;
import io.weir.model.ClusterId;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.ServerFigures;
import io.weir.model.Spared;
import io.weir.testing.ExposedMetrics;
import io.weir.testing.FreePorts;
import io.weir.testing.RawHttp;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** One whole server on a real database. It takes seconds to start, so all tests share it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
@ExtendWith(OutputCaptureExtension.class)
class CacheServerIT {

  private final TestSchema schema = TestDatabase.createSchema("server");
  private final JdbcTemplate database = jdbc(schema);
  private final FakeMaster master = new FakeMaster();
  private RunningServer server;

  @BeforeAll
  void start() {
    server = RunningServer.start("cache-1", schema, master.url());
    await().until(() -> server.shard().isServing());
  }

  @AfterAll
  void stop() {
    server.close();
    master.close();
    schema.close();
  }

  @Test
  void aWriteComesToTheDatabaseAsItWasPut() {
    HttpResponse<String> put = server.put("/kv/row", "value", "Content-Type", "text/x-weir");
    assertThat(put.statusCode()).isEqualTo(204);
    assertThat(put.headers().firstValue("Weir-Durability")).contains("journal");
    String version = put.headers().firstValue("ETag").orElseThrow().replace("\"", "");

    await().until(() -> count(database, "row") == 1);
    Map<String, Object> row =
        database.queryForMap(
            "SELECT slot, v, content_type, expires_at, version FROM kv WHERE k = ?",
            (Object) "row".getBytes(UTF_8));
    assertThat(row.get("slot")).hasToString("" + Key.of("row").slot());
    assertThat(row.get("v")).isEqualTo("value".getBytes(UTF_8));
    assertThat(row.get("content_type")).isEqualTo("text/x-weir");
    assertThat(row.get("expires_at")).isNull();
    assertThat(row.get("version")).hasToString(version);
    assertThat(server.get("/kv/row").headers().firstValue("Content-Type")).contains("text/x-weir");
  }

  @Test
  void everyTargetIsAKeyOfItsOwn() throws IOException {
    List<String> keys =
        List.of("/", "//", ".", "..", "a/../b", "a//b", ";x=1", "%2F", "?", "#", " ", "\\", "€/😀");
    for (String key : keys) {
      String path = KeyPath.of(Key.of(key));
      RawHttp.Answer put = exchange("PUT", path, "value of " + path);
      assertThat(put.status()).as(path).isEqualTo(204);
    }
    for (String key : keys) {
      String path = KeyPath.of(Key.of(key));
      assertThat(RawHttp.get(server.port, path).body()).isEqualTo("value of " + path);
      await().until(() -> count(database, key) == 1);
    }
    assertThat(RawHttp.get(server.port, "/kv/..").body()).isEqualTo("value of /kv/%2E%2E");
    assertThat(RawHttp.get(server.port, "/kv//").body()).isEqualTo("value of /kv/%2F");
    assertThat(RawHttp.get(server.port, "/kv/%FF").status()).isEqualTo(400);
  }

  @Test
  void aRowGoesSomeTimeAfterItsValueExpired() {
    assertThat(server.put("/kv/short?ttl=3s", "value").statusCode()).isEqualTo(204);
    assertThat(server.put("/kv/long?ttl=1h", "value").statusCode()).isEqualTo(204);
    await().until(() -> count(database, "short") == 1);
    await().until(() -> server.get("/kv/short").statusCode() == 404);
    await().until(() -> count(database, "short") == 0);
    assertThat(count(database, "long")).isEqualTo(1);
    assertThat(server.get("/kv/long").statusCode()).isEqualTo(200);
  }

  @Test
  void aRowThatTheDatabaseRefusesStandsAloneUntilItIsReplaced() {
    database.execute("ALTER TABLE kv ADD CONSTRAINT poison CHECK (OCTET_LENGTH(v) <> 13)");
    assertThat(server.put("/kv/poison", "x".repeat(13)).statusCode()).isEqualTo(204);
    assertThat(server.put("/kv/neighbour", "fine").statusCode()).isEqualTo(204);

    await().until(() -> server.json("/actuator/writeback").path("quarantinedEntries").asInt() == 1);
    assertThat(server.json("/actuator/writeback").path("quarantined").get(0).path("key").asString())
        .isEqualTo("poison");
    assertThat(server.get("/actuator/prometheus").body())
        .containsPattern("weir_writeback_quarantined(\\{.*})? 1\\.0");
    await().until(() -> count(database, "neighbour") == 1);
    assertThat(server.get("/kv/poison").body()).isEqualTo("x".repeat(13));
    assertThat(count(database, "poison")).isZero();

    assertThat(server.put("/kv/poison", "healed").statusCode()).isEqualTo(204);
    await().until(() -> count(database, "poison") == 1);
    await().until(() -> server.json("/actuator/writeback").path("quarantinedEntries").asInt() == 0);
  }

  @Test
  void aDiscardedRowIsTheDatabasesAgainAtEveryMemberAndAfterARestart() {
    try (TestSchema own = TestDatabase.createSchema("discard");
        FakeMaster one = new FakeMaster()) {
      JdbcTemplate rows = jdbc(own);
      try (RunningServer first = RunningServer.start("cache-d1", own, one.url());
          RunningServer second = RunningServer.start("cache-d2", own, one.url())) {
        await()
            .until(
                () -> first.shard().leaderTasks() != null || second.shard().leaderTasks() != null);
        RunningServer leader = first.shard().leaderTasks() != null ? first : second;
        RunningServer replica = leader == first ? second : first;
        await().until(() -> replica.shard().group() != null);
        one.list(first.member(), second.member());
        await().until(() -> leader.json("/actuator/raft").path("members").size() == 2);
        leader.put("/kv/k", "row");
        await().until(() -> count(rows, "k") == 1);
        rows.execute("ALTER TABLE kv ADD CONSTRAINT refused CHECK (OCTET_LENGTH(v) <> 13)");
        leader.put("/kv/k", "x".repeat(13), "Content-Type", "text/x-weir");
        leader.put("/kv/kept", "y".repeat(13));
        await().until(() -> leader.json("/actuator/quarantine").path("rows").size() == 2);

        JsonNode listed = leader.json("/actuator/quarantine?key=k").path("rows").get(0);
        assertThat(listed.path("value").asString()).isEqualTo("x".repeat(13));
        assertThat(listed.path("contentType").asString()).isEqualTo("text/x-weir");
        assertThat(listed.path("reason").asString()).containsIgnoringCase("refuse");
        String version = listed.path("version").asString();
        assertProblem(
            leader.delete("/actuator/quarantine?key=k&version=7"), 412, "precondition-failed");
        assertProblem(leader.delete("/actuator/quarantine?key=no&version=7"), 404, "not-found");
        assertProblem(
            replica.delete("/actuator/quarantine?key=k&version=" + version), 421, "not-owner");
        assertThat(replica.get("/kv/k", "Weir-Consistency", "linearizable").body())
            .isEqualTo("x".repeat(13));

        assertThat(leader.delete("/actuator/quarantine?key=k&version=" + version).statusCode())
            .isEqualTo(200);

        assertThat(leader.get("/kv/k").body()).isEqualTo("row");
        assertThat(replica.get("/kv/k", "Weir-Consistency", "linearizable").body())
            .isEqualTo("row");
        assertThat(leader.get("/kv/kept").body()).isEqualTo("y".repeat(13));
        assertThat(leader.post("/actuator/quarantine", "{}").body()).contains("\"due\":1");
      }
      try (RunningServer first = RunningServer.start("cache-d1", own, one.url());
          RunningServer second = RunningServer.start("cache-d2", own, one.url())) {
        await()
            .until(
                () -> first.shard().leaderTasks() != null || second.shard().leaderTasks() != null);
        RunningServer leader = first.shard().leaderTasks() != null ? first : second;
        assertThat(leader.get("/kv/k").body()).isEqualTo("row");
        assertThat(leader.get("/kv/kept").body()).isEqualTo("y".repeat(13));
        rows.execute("ALTER TABLE kv DROP CONSTRAINT refused");
        await().until(() -> count(rows, "kept") == 1);
        assertThat(rows.queryForObject("SELECT v FROM kv WHERE k = ?", byte[].class, bytes("k")))
            .isEqualTo(bytes("row"));
      }
    }
  }

  @Test
  void allEntriesAreReadPageByPageBeTheyWrittenBackOrNot() {
    try (TestSchema own = TestDatabase.createSchema("entries");
        FakeMaster alone = new FakeMaster();
        RunningServer held =
            RunningServer.start("cache-e", own, alone.url(), "--weir.write-back.max-age=1h")) {
      await().until(() -> held.shard().isServing());
      held.put("/kv/a", "flushed", "Content-Type", "text/x-weir");
      held.put("/kv/b?ttl=1h", "old");
      held.put("/kv/c", "deleted");
      held.post("/actuator/writeback", "{\"timeout\": \"10s\"}");
      held.put("/kv/b?ttl=1h", "dirty\u0000");
      held.delete("/kv/c");
      held.put("/kv/%C3%A9", "dirty");

      Map<String, JsonNode> entries = new TreeMap<>();
      String after = "";
      do {
        JsonNode page = held.json("/actuator/entries?first=0&last=16383&limit=1" + after);
        page.path("entries").forEach(entry -> entries.put(entry.path("key").asString(), entry));
        String next = page.path("next").asString("");
        after = next.isEmpty() ? "" : "&after=" + URLEncoder.encode(next, UTF_8);
      } while (!after.isEmpty());

      assertThat(entries.keySet()).containsExactly("a", "b", "é");
      assertThat(entries.get("a").path("contentType").asString()).isEqualTo("text/x-weir");
      assertThat(entries.get("a").has("expiresAt")).isFalse();
      assertThat(entries.get("b").path("valueBase64").asString()).isEqualTo("ZGlydHkA");
      assertThat(entries.get("b").path("expiresAt").asString()).startsWith("20");
      assertThat(entries.get("é").path("value").asString()).isEqualTo("dirty");
      assertThat(count(jdbc(own), "é")).isZero();
      assertProblem(held.get("/actuator/entries?first=5&last=4"), 400, "bad-request");
      assertProblem(held.get("/actuator/entries?first=0&last=4&limit=0"), 400, "bad-request");
      assertProblem(held.get("/actuator/entries?first=0&last=4&after="), 400, "invalid-key");
    }
  }

  @Test
  void aDrainedServerThatIsAloneRefusesWritesUntilItIsTakenBack() {
    try (TestSchema own = TestDatabase.createSchema("drain");
        FakeMaster alone = new FakeMaster();
        RunningServer lone =
            RunningServer.start("cache-n", own, alone.url(), "--weir.write-back.max-age=1h")) {
      await().until(() -> lone.shard().isServing());
      lone.put("/kv/a", "value");
      assertThat(lone.json("/actuator/drain").path("state").asString()).isEqualTo("active");
      HttpResponse<String> drained = lone.post("/actuator/drain", "{\"timeout\": \"20s\"}");
      assertThat(drained.body()).contains("\"state\":\"drained\"", "\"refusesWrites\":true");
      assertThat(count(jdbc(own), "a")).isEqualTo(1);
      assertProblem(lone.put("/kv/a", "x"), 503, "not-serving");
      assertThat(lone.get("/kv/a").body()).isEqualTo("value");
      assertThat(lone.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
      assertThat(lone.delete("/actuator/drain").body()).contains("\"state\":\"active\"");
      assertThat(lone.put("/kv/a", "x").statusCode()).isEqualTo(204);
    }
  }

  @Test
  void theOperatorSeesTheServerAndCanFlushIt() {
    assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    server.put("/kv/flushed", "value");
    HttpResponse<String> flush = server.post("/actuator/writeback", "{\"timeout\": \"10s\"}");
    assertThat(flush.statusCode()).isEqualTo(200);
    assertThat(flush.body()).contains("\"flushed\":true");
    assertThat(count(database, "flushed")).isEqualTo(1);
    for (String timeout : List.of("soon", "2h", "999999999999d")) {
      HttpResponse<String> refused =
          server.post("/actuator/writeback", "{\"timeout\": \"" + timeout + "\"}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(refused.body()).contains("timeout: ");
    }
  }

  @Test
  void theMetricsOfTheArchitectureAreThere() {
    server.put("/kv/metric", "value");
    server.get("/kv/metric");
    server.get("/kv/absent");
    await().until(() -> count(database, "metric") == 1);
    await().until(() -> server.get("/actuator/prometheus").body().contains("weir_raft_lease 1.0"));
    String metrics = server.get("/actuator/prometheus").body();
    ExposedMetrics.of(metrics).mustBeAsCatalogued("weir-cache");
    assertThat(ExposedMetrics.of(metrics).lint().orElse("")).isEmpty();
    assertThat(metrics)
        .contains(
            "cache_gets_total{result=\"hit\"}",
            "cache_gets_total{result=\"miss\"}",
            "cache_puts_total",
            "cache_evictions_total",
            "cache_size ",
            "weir_cache_bytes ",
            "weir_writeback_dirty_entries ",
            "weir_writeback_dirty_bytes ",
            "weir_writeback_oldest_dirty_age_seconds ",
            "weir_writeback_flush_seconds_count{result=\"ok\"}",
            "weir_writeback_batch_size_count ",
            "weir_writeback_coalesced_total ",
            "weir_writeback_quarantined ",
            "weir_journal_append_seconds_count ",
            "weir_raft_term ",
            "weir_raft_role{role=\"leader\"} 1.0",
            "weir_raft_lease 1.0",
            "weir_raft_leader_known 1.0",
            "weir_raft_members 1.0",
            "weir_raft_members_alive 1.0",
            "weir_raft_snapshots_total{result=\"failed\"} 0.0",
            "weir_serving 1.0",
            "weir_heartbeat_age_seconds ",
            "weir_writeback_failing 0.0",
            "weir_writeback_flush_seconds_count{result=\"fenced\"} 0",
            "weir_journal_append_seconds_bucket{le=\"0.005\"}",
            "weir_loss_bound_entries ",
            "weir_loss_bound_bytes ",
            "weir_loss_bound_age_seconds ",
            "weir_shed_total ",
            "weir_loads_total{result=\"absent\"}",
            "weir_topology_version ");
  }

  @Test
  void whatTheDatabaseWasSparedIsInMetricsAndHeartbeats() {
    for (int i = 0; i < 20; i++) {
      server.put("/kv/spared", "value " + i);
    }
    await().until(() -> spared().commits() > 0 && spared().writes() >= 20);
    Spared spared = spared();
    assertThat(spared.seconds()).isBetween(0.001, 300.0);
    assertThat(spared.statements()).as("fence, number and row").isGreaterThanOrEqualTo(2);
    assertThat(spared.rows()).isBetween(1L, spared.writes());
    assertThat(server.get("/actuator/prometheus").body())
        .contains("weir_recent_writes ", "weir_recent_seconds ", "weir_writeback_commits_total ");
  }

  private Spared spared() {
    ServerFigures figures = master.last().figures();
    return figures == null ? Spared.UNTOLD : figures.spared();
  }

  @Test
  void aStopDrainsAndDeregistersAndARestartReadsBackEvenWithoutAMaster() {
    try (TestSchema own = TestDatabase.createSchema("restart");
        FakeMaster alone = new FakeMaster()) {
      String tag;
      try (RunningServer first =
          RunningServer.start("cache-2", own, alone.url(), "--weir.write-back.max-age=1h")) {
        await().until(() -> first.shard().isServing());
        tag = first.put("/kv/kept", "value").headers().firstValue("ETag").orElseThrow();
        first.put("/kv/gone", "value");
        assertThat(count(jdbc(own), "kept")).isZero();
        await().until(() -> alone.last().role() == NodeRole.LEADER);
      }
      assertThat(count(jdbc(own), "kept")).isEqualTo(1);
      assertThat(alone.deregistrations).containsExactly(new NodeId("cache-2"));
      assertThat(alone.last().role()).isEqualTo(NodeRole.LEADER);
      assertThat(alone.last().generation()).isEqualTo(1);
      alone.close();

      try (RunningServer second = RunningServer.start("cache-2", own, alone.url())) {
        await().until(() -> second.shard().isServing());
        HttpResponse<String> read = second.get("/kv/kept");
        assertThat(read.body()).isEqualTo("value");
        assertThat(read.headers().firstValue("ETag")).contains(tag);
        // The log had it as clean, but need not have had its last version.
        assertThat(read.headers().firstValue("Cache-Status").orElseThrow()).contains("fwd=miss");
        String next = second.put("/kv/kept", "next").headers().firstValue("ETag").orElseThrow();
        assertThat(version(next)).isGreaterThan(version(tag));
      }
    }
  }

  @Test
  void aRestartBringsNoJournalledVersionBackOverOneThatWasInMemoryAlone() {
    try (TestSchema own = TestDatabase.createSchema("mixed");
        FakeMaster alone = new FakeMaster()) {
      try (RunningServer first = RunningServer.start("cache-5", own, alone.url())) {
        await().until(() -> first.shard().isServing());
        first.put("/kv/k", "old");
        await().until(() -> count(jdbc(own), "k") == 1);
        await().until(() -> first.shard().whatIsLeft().startsWith("nothing"));
        HttpResponse<String> put = first.put("/kv/k", "new", "Weir-Durability", "memory");
        assertThat(put.headers().firstValue("Weir-Durability")).contains("memory");
      }
      try (RunningServer second = RunningServer.start("cache-5", own, alone.url())) {
        await().until(() -> second.shard().isServing());
        assertThat(second.get("/kv/k").body()).isEqualTo("new");
      }
    }
  }

  @Test
  void aServerThatMayGiveTheJournalUpFoundsTheShardAnewAndTheOneBeforeEnds() {
    try (TestSchema own = TestDatabase.createSchema("fence");
        FakeMaster one = new FakeMaster();
        FakeMaster other = new FakeMaster();
        RunningServer old =
            RunningServer.start(
                "cache-3",
                own,
                one.url(),
                "--weir.write-back.max-age=1h",
                // So that nobody finds it; it needs nobody.
                "--weir.advertise.raft=127.0.0.1:" + FreePorts.next())) {
      await().until(() -> old.shard().leaderTasks() != null);
      old.put("/kv/a", "old");
      old.post("/actuator/writeback", "{\"timeout\": \"10s\"}");
      old.put("/kv/b", "given up");
      other.cluster = one.cluster;
      try (RunningServer successor =
          RunningServer.start(
              "cache-4", own, other.url(), "--weir.raft.accept-loss-of-generation=1")) {
        await().until(() -> successor.shard().isServing());
        assertThat(successor.get("/kv/a").body()).isEqualTo("old");
        successor.put("/kv/a", "new");

        old.post("/actuator/writeback", "{\"timeout\": \"10s\"}");
        await().until(() -> old.exits.equals(List.of(1)));
        assertProblem(old.get("/kv/a"), 503, "not-serving");
        assertProblem(old.put("/kv/a", "older"), 503, "not-serving");
        successor.post("/actuator/writeback", "{\"timeout\": \"10s\"}");
      }
      assertThat(count(jdbc(own), "b")).isZero();
      assertThat(jdbc(own).queryForObject("SELECT v FROM kv WHERE k = ?", byte[].class, bytes("a")))
          .isEqualTo(bytes("new"));
    }
  }

  @Test
  void aGenerationThatLivesIsNotGivenUp(CapturedOutput log) {
    try (TestSchema own = TestDatabase.createSchema("lives");
        FakeMaster one = new FakeMaster();
        RunningServer living = RunningServer.start("cache-l", own, one.url())) {
      await().until(() -> living.shard().isServing());
      assertThat(living.put("/kv/a", "kept").statusCode()).isEqualTo(204);
      try (RunningServer hasty =
          RunningServer.start(
              "cache-h", own, one.url(), "--weir.raft.accept-loss-of-generation=1")) {
        await().until(() -> hasty.exits.equals(List.of(1)));
        assertThat(log).contains(living.shard().group().member() + " answers at its journal's");
        assertThat(living.get("/kv/a").body()).isEqualTo("kept");
        assertThat(generation(own)).isEqualTo(1);
      }
    }
  }

  /** As where a volume is not mounted. */
  @Test
  void overAnEmptyDirectoryALoneServerFoundsAnewOnlyWhatItHadWrittenBack(CapturedOutput log)
      throws IOException {
    try (TestSchema own = TestDatabase.createSchema("unmounted");
        FakeMaster alone = new FakeMaster()) {
      try (RunningServer first = RunningServer.start("cache-u", own, alone.url())) {
        await().until(() -> first.shard().isServing());
        assertThat(first.put("/kv/a", "first").statusCode()).isEqualTo(204);
      }
      String empty = Files.createTempDirectory("weir-empty-").toString();
      try (RunningServer second =
          RunningServer.start("cache-u", own, alone.url(), "--weir.data-dir=" + empty)) {
        await().until(() -> second.shard().isServing());
        assertThat(second.get("/kv/a").body()).isEqualTo("first");
        assertThat(second.put("/kv/a", "second").statusCode()).isEqualTo(204);
        assertThat(generation(own)).isEqualTo(2);
      }
      // As a kill would have left it.
      jdbc(own).update("UPDATE reign SET may_be_dirty = 1");
      String another = Files.createTempDirectory("weir-empty-").toString();
      try (RunningServer third =
          RunningServer.start("cache-u", own, alone.url(), "--weir.data-dir=" + another)) {
        await().until(() -> third.exits.equals(List.of(1)));
        assertThat(log).contains("start it once with weir.raft.accept-loss-of-generation=2");
        assertThat(generation(own)).isEqualTo(2);
      }
      try (RunningServer mounted =
          RunningServer.start("cache-u", own, alone.url(), "--weir.data-dir=" + empty)) {
        await().until(() -> mounted.shard().isServing());
        assertThat(mounted.get("/kv/a").body()).isEqualTo("second");
      }
    }
  }

  /** As rows that were copied from another cluster, or an operator who deleted the shard's row. */
  @Test
  void whatIsWrittenOverRowsThatWereThereBeforeTheShardIsKept(CapturedOutput log)
      throws IOException {
    try (TestSchema own = TestDatabase.createSchema("rows");
        FakeMaster one = new FakeMaster();
        FakeMaster other = new FakeMaster()) {
      try (RunningServer first = RunningServer.start("cache-r", own, one.url())) {
        await().until(() -> first.shard().isServing());
        assertThat(first.put("/kv/a", "old").statusCode()).isEqualTo(204);
      }
      for (String table : List.of("shard", "reign", "group_secret")) {
        jdbc(own).update("DELETE FROM " + table);
      }
      String empty = Files.createTempDirectory("weir-empty-").toString();
      try (RunningServer second =
          RunningServer.start("cache-r", own, other.url(), "--weir.data-dir=" + empty)) {
        await().until(() -> second.shard().leaderTasks() != null);
        assertThat(log).contains("the table kv had rows before the shard");
        assertThat(second.put("/kv/a", "new").statusCode()).isEqualTo(204);
        second.post("/actuator/writeback", "{\"timeout\": \"10s\"}");
        assertThat(second.get("/kv/a", "Cache-Control", "no-cache").body()).isEqualTo("new");
        assertThat(generation(own)).isEqualTo(2);
      }
    }
  }

  /** A directory of which an older copy was put back. */
  @Test
  void anOlderCopyOfTheJournalEndsWithASentence(CapturedOutput log) throws IOException {
    try (TestSchema own = TestDatabase.createSchema("copy");
        FakeMaster alone = new FakeMaster()) {
      Path directory = Files.createTempDirectory("weir-copied-");
      Path copy = Files.createTempDirectory("weir-copy-").resolve("data");
      String there = "--weir.data-dir=" + directory;
      RunningServer.start("cache-c", own, alone.url(), there).close();
      await().until(() -> generation(own) == 1);
      try (RunningServer first = RunningServer.start("cache-c", own, alone.url(), there)) {
        await().until(() -> first.shard().isServing());
        assertThat(first.put("/kv/a", "old").statusCode()).isEqualTo(204);
      }
      FileSystemUtils.copyRecursively(directory, copy);
      try (RunningServer second = RunningServer.start("cache-c", own, alone.url(), there)) {
        await().until(() -> second.shard().isServing());
        assertThat(second.put("/kv/a", "new").statusCode()).isEqualTo(204);
      }
      try (RunningServer old =
          RunningServer.start("cache-c", own, alone.url(), "--weir.data-dir=" + copy)) {
        await().until(() -> old.exits.equals(List.of(1)));
        assertThat(log).contains("is not the newest one of generation 1");
      }
      assertThat(jdbc(own).queryForObject("SELECT v FROM kv WHERE k = ?", byte[].class, bytes("a")))
          .isEqualTo(bytes("new"));
    }
  }

  private static long generation(TestSchema schema) {
    return Objects.requireNonNull(
        jdbc(schema).queryForObject("SELECT MAX(generation) FROM shard", Long.class));
  }

  @Test
  void aSecondServerWithoutThatWaitsToBeAdded() {
    try (TestSchema own = TestDatabase.createSchema("second");
        FakeMaster one = new FakeMaster();
        RunningServer first = RunningServer.start("cache-7", own, one.url())) {
      await().until(() -> first.shard().isServing());
      first.put("/kv/a", "value");
      try (RunningServer second = RunningServer.start("cache-8", own, one.url())) {
        await()
            .until(() -> second.json("/actuator/raft").path("role").asString().equals("follower"));
        assertProblem(second.get("/kv/a"), 503, "not-serving");

        one.list(first.member(), second.member());
        await().until(() -> first.json("/actuator/raft").path("members").size() == 2);
        await().until(() -> second.shard().isServing());
        assertThat(second.get("/kv/a", "Weir-Consistency", "linearizable").body())
            .isEqualTo("value");
        assertThat(second.get("/kv/a", "Weir-Consistency", "eventual").statusCode()).isEqualTo(200);
        assertProblem(second.get("/kv/a"), 421, "not-owner");
        assertThat(second.put("/kv/a", "x").body())
            .contains("\"owner\":\"http://127.0.0.1:" + first.port);
        assertThat(
                first
                    .put("/kv/c", "x", "Weir-Durability", "memory")
                    .headers()
                    .firstValue("Weir-Durability"))
            .contains("journal");

        assertThat(first.post("/actuator/raft", "{\"transfer\": true}").statusCode())
            .isEqualTo(204);
        await().until(() -> second.put("/kv/a", "next").statusCode() == 204);
        assertThat(first.get("/kv/a", "Weir-Consistency", "linearizable").body()).isEqualTo("next");
      }
    }
  }

  @Test
  void withoutAMasterAndSlotsNothingIsServedAndARefusalEndsTheProcess() {
    int port = FreePorts.next();
    try (TestSchema own = TestDatabase.createSchema("alone");
        RunningServer waiting =
            RunningServer.start("cache-5", own, URI.create("http://127.0.0.1:" + port))) {
      HttpResponse<String> read = waiting.get("/kv/a");
      assertProblem(read, 503, "not-serving");
      assertThat(read.headers().firstValue("Retry-After")).get().isIn("1", "2");
      assertThat(read.headers().firstValue("Weir-Topology-Version")).contains("0");
      assertThat(waiting.get("/actuator/health/readiness").statusCode()).isEqualTo(503);

      try (FakeMaster strict = new FakeMaster(port)) {
        strict.refusal = 409;
        await().until(() -> waiting.exits.equals(List.of(1)));
        assertProblem(waiting.get("/kv/a"), 503, "not-serving");
      }
    }
  }

  @Test
  void aDatabaseOfAnotherClusterIsRefused() {
    try (FakeMaster stranger = new FakeMaster()) {
      stranger.cluster = ClusterId.random();
      try (RunningServer foreign = RunningServer.start("cache-6", schema, stranger.url())) {
        await().until(() -> foreign.exits.equals(List.of(1)));
        assertProblem(foreign.get("/kv/row"), 503, "not-serving");
      }
    }
    assertThat(server.shard().isServing()).isTrue();
  }

  @Test
  void aDeadDatabaseStopsNothingButWhatDependsOnIt() throws IOException {
    Matcher place = Pattern.compile("//([^/:]+):(\\d+)/").matcher(schema.url());
    assertThat(place.find()).isTrue();
    String value = "x".repeat(60_000);
    try (TestSchema own = TestDatabase.createSchema("dead");
        FakeMaster alone = new FakeMaster();
        TcpProxy proxy = new TcpProxy(place.group(1), Integer.parseInt(place.group(2)));
        RunningServer cut =
            RunningServer.startAt(
                "cache-7",
                own,
                own.url().replace(place.group(), "//127.0.0.1:" + proxy.port() + "/"),
                alone.url(),
                "--weir.cache.max-bytes=1MiB",
                "--weir.max-value-size=64KiB",
                "--weir.database.pool-timeout=500ms",
                "--weir.write-back.max-wait=10ms")) {
      await().until(() -> cut.shard().isServing());
      cut.put("/kv/resident", "value");
      await().until(() -> count(jdbc(own), "resident") == 1);

      proxy.cut();
      int written = 0;
      HttpResponse<String> answer;
      while ((answer = cut.put("/kv/dirty" + written, value)).statusCode() == 204) {
        written++;
      }
      assertProblem(answer, 503, "too-much-dirty");
      assertThat(answer.headers().firstValue("Retry-After")).get().isIn("1", "2");
      assertThat(written).isBetween(4, 9);
      assertThat(cut.get("/kv/resident").body()).isEqualTo("value");
      assertThat(cut.get("/kv/dirty0").body()).isEqualTo(value);
      assertProblem(cut.get("/kv/absent"), 503, "store-unavailable");
      await().until(() -> !cut.json("/actuator/writeback").path("databaseTakesWrites").asBoolean());
      assertThat(cut.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
      assertThat(cut.get("/actuator/health/readiness").statusCode()).isEqualTo(200);

      proxy.mend();
      int all = written;
      await().until(() -> count(jdbc(own), "dirty" + (all - 1)) == 1);
      await().until(() -> cut.put("/kv/again", value).statusCode() == 204);
      for (int i = 0; i < all; i++) {
        assertThat(cut.get("/kv/dirty" + i).body()).isEqualTo(value);
      }
      assertThat(cut.get("/kv/absent").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void whileItsDatabaseIsDownAServerStartsFromItsJournal(CapturedOutput log) throws IOException {
    Matcher place = Pattern.compile("//([^/:]+):(\\d+)/").matcher(schema.url());
    assertThat(place.find()).isTrue();
    String[] settings = {
      "--weir.write-back.max-age=1h",
      "--weir.write-back.drain-timeout=1s",
      "--weir.database.connect-timeout=1s",
      "--weir.database.pool-timeout=500ms"
    };
    try (TestSchema own = TestDatabase.createSchema("away");
        FakeMaster alone = new FakeMaster();
        TcpProxy proxy = new TcpProxy(place.group(1), Integer.parseInt(place.group(2)))) {
      String url = own.url().replace(place.group(), "//127.0.0.1:" + proxy.port() + "/");
      try (RunningServer first =
          RunningServer.startAt("cache-9", own, url, alone.url(), settings)) {
        await().until(() -> first.shard().isServing());
        assertThat(first.put("/kv/dirty", "kept").statusCode()).isEqualTo(204);
        proxy.cut();
      }
      assertThat(count(jdbc(own), "dirty")).isZero();

      try (RunningServer again =
          RunningServer.startAt("cache-9", own, url, alone.url(), settings)) {
        await().until(() -> again.shard().isServing());
        assertThat(log).contains("it is served from that meanwhile");
        assertThat(again.get("/kv/dirty").body()).isEqualTo("kept");
        assertThat(again.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertProblem(again.get("/kv/absent"), 503, "store-unavailable");
        assertProblem(again.put("/kv/b", "early"), 503, "not-serving");
        assertThat(again.json("/actuator/writeback").path("dirtyEntries").asInt()).isEqualTo(1);

        proxy.mend();
        await().until(() -> again.put("/kv/b", "late").statusCode() == 204);
        again.post("/actuator/writeback", "{\"timeout\": \"30s\"}");
        assertThat(count(jdbc(own), "dirty")).isEqualTo(1);
        assertThat(again.get("/kv/absent").statusCode()).isEqualTo(404);
        await().until(() -> log.toString().contains("the database answers"));
      }
      assertThat(jdbc(own).queryForObject("SELECT may_be_dirty FROM reign", Integer.class))
          .isZero();
    }
  }

  private RawHttp.Answer exchange(String method, String target, String body) throws IOException {
    try (RawHttp connection = new RawHttp(server.port)) {
      connection.write(
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return connection.read();
    }
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"type\":\"urn:weir:problem:" + type + "\"");
  }

  private static long version(String tag) {
    return Long.parseLong(tag.replace("\"", ""));
  }

  private static JdbcTemplate jdbc(TestSchema schema) {
    return new JdbcTemplate(new DriverManagerDataSource(schema.urlWithCredentials()));
  }

  private static int count(JdbcTemplate jdbc, String key) {
    Integer count =
        jdbc.queryForObject("SELECT COUNT(*) FROM kv WHERE k = ?", Integer.class, bytes(key));
    return count == null ? 0 : count;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
