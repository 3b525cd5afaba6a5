package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.membership.FakeMaster;
import io.weir.model.GroupMember;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** Whole servers of a group, of which one alone keeps its disk. */
@Timeout(600)
@ExtendWith(OutputCaptureExtension.class)
class RescueIT {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String SLOWLY = "--weir.write-back.max-age=1h";
  private static final int KEYS = 40;

  private final TestSchema schema = TestDatabase.createSchema("rescue");
  private final JdbcTemplate rows =
      new JdbcTemplate(
          new DriverManagerDataSource(schema.url(), schema.username(), schema.password()));
  private final FakeMaster master = new FakeMaster();
  private final Map<String, RunningServer> servers = new TreeMap<>();

  @AfterEach
  void stop() {
    servers.values().forEach(RunningServer::close);
    master.close();
    schema.close();
  }

  @Test
  void whatTheSurvivorOfThreeHasComesToTheDatabaseAndTheOthersAreAddedAnew(CapturedOutput output)
      throws IOException {
    RunningServer leader = group();
    String survivor = nameOf(leader);
    assertProblem(
        leader.post("/actuator/rescue", "{\"generation\": 1}"), "this server leads its shard");
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      HttpResponse<String> put = leader.put("/kv/k" + i, "value " + i);
      assertThat(put.statusCode()).isEqualTo(204);
      tags.add(put.headers().firstValue("ETag").orElseThrow());
    }
    assertThat(count()).isZero();
    List<String> lost = servers.keySet().stream().filter(name -> !name.equals(survivor)).toList();
    String standby = lost.getFirst();
    lose(lost.getLast());
    // Of the other one the process is gone, for now, and the disk is kept.
    stop(standby);
    await()
        .atMost(LONG)
        .until(() ->
            leader.json("/actuator/raft").path("leader").isNull()
                && leader.shard().leaderTasks() == null);

    assertProblem(
        leader.post("/actuator/rescue", "{\"generation\": 1}"), "is listed as up by the master");
    master.list(leader.member());
    await().atMost(LONG).until(() -> obstacle(leader).isEmpty());
    JsonNode report = leader.json("/actuator/rescue");
    assertThat(report.path("generation").asInt()).isEqualTo(1);
    assertThat(report.path("others")).hasSize(2);
    assertThat(report.path("lastEntryTimedBy").asString()).isEqualTo("process");
    assertThat(report.path("dirtyEntries").asInt()).isEqualTo(KEYS);
    assertThat(report.path("unknown").toString()).contains("2 of the 3 members");
    assertProblem(leader.post("/actuator/rescue", "{\"generation\": 7}"), "in generation 1, not 7");

    HttpResponse<String> rescued = leader.post("/actuator/rescue", "{\"generation\": 1}");
    assertThat(rescued.statusCode()).as(rescued.body()).isEqualTo(200);
    assertThat(rescued.body()).contains("\"generation\":2");
    await().atMost(LONG).until(() -> leader.exits.equals(List.of(ShardServer.START_AGAIN)));
    assertProblem(
        leader.post("/actuator/rescue", "{\"generation\": 2}"), "the database records shard");
    stop(survivor);

    RunningServer alone = start(survivor, "--weir.write-back.max-age=20ms");
    await().atMost(LONG).until(() -> alone.shard().leaderTasks() != null);
    for (int i = 0; i < KEYS; i++) {
      HttpResponse<String> read = alone.get("/kv/k" + i);
      assertThat(read.body()).isEqualTo("value " + i);
      assertThat(read.headers().firstValue("ETag")).contains(tags.get(i));
    }
    await().atMost(LONG).until(() -> count() == KEYS);
    await().atMost(LONG).until(() -> alone.put("/kv/new", "x").statusCode() == 204);
    assertThat(version(alone.get("/kv/new"))).isGreaterThan(version(tags.getLast()));

    // The other one comes back with its disk, and is refused.
    Map<String, FileTime> before = files(standby);
    RunningServer old = start(standby);
    await().atMost(LONG).until(() -> old.exits.equals(List.of(1)));
    assertThat(output).contains("founded anew without this server");
    stop(standby);
    assertThat(files(standby)).isEqualTo(before);
    FileSystemUtils.deleteRecursively(RunningServer.journalOf(standby, schema));

    List<GroupMember> listed = new ArrayList<>(List.of(alone.member()));
    for (String name : lost) {
      RunningServer empty = start(name);
      await().atMost(LONG).until(() -> empty.shard().group() != null);
      listed.add(empty.member());
    }
    master.list(listed.toArray(GroupMember[]::new));
    await().atMost(LONG).until(() -> alone.json("/actuator/raft").path("alive").size() == 3);
    await().atMost(LONG).until(() -> alone.put("/kv/three", "x").statusCode() == 204);
    assertThat(rows.queryForObject("SELECT generation FROM shard", Long.class)).isEqualTo(2);
  }

  @Test
  void aRescueThatTheDatabaseHasTakenIsFinishedByTheNextStart() throws IOException {
    RunningServer leader = group();
    String survivor = nameOf(leader);
    leader.put("/kv/a", "1");
    for (String name : servers.keySet().stream().toList()) {
      if (!name.equals(survivor)) {
        lose(name);
      }
    }
    master.list(leader.member());
    await().atMost(LONG).until(() -> obstacle(leader).isEmpty());
    Path journal = RunningServer.journalOf(survivor, schema);
    byte[] identity = Files.readAllBytes(journal.resolve("identity"));
    assertThat(leader.post("/actuator/rescue", "{\"generation\": 1}").statusCode()).isEqualTo(200);
    await().atMost(LONG).until(() -> !leader.exits.isEmpty());
    stop(survivor);
    // As if the process had died between the database and the file.
    Files.write(journal.resolve("identity"), identity);

    RunningServer alone = start(survivor);
    await().atMost(LONG).until(() -> alone.shard().leaderTasks() != null);
    assertThat(alone.get("/kv/a").body()).isEqualTo("1");
    assertThat(RaftDirectory.identityIn(journal).orElseThrow().group()).endsWith("-g2");
  }

  private RunningServer group() {
    for (String name : List.of("cache-r1", "cache-r2", "cache-r3")) {
      RunningServer server = start(name);
      await().atMost(LONG).until(() -> server.shard().group() != null);
    }
    master.list(servers.values().stream().map(RunningServer::member).toArray(GroupMember[]::new));
    RunningServer first = servers.get("cache-r1");
    await().atMost(LONG).until(() -> first.json("/actuator/raft").path("alive").size() == 3);
    return first;
  }

  private RunningServer start(String name, String... more) {
    String[] arguments = more.length > 0 ? more : new String[] {SLOWLY};
    RunningServer server = RunningServer.start(name, schema, master.url(), arguments);
    servers.put(name, server);
    return server;
  }

  private String nameOf(RunningServer server) {
    return servers.entrySet().stream()
        .filter(one -> one.getValue() == server)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void stop(String name) {
    servers.remove(name).close();
  }

  private void lose(String name) throws IOException {
    stop(name);
    FileSystemUtils.deleteRecursively(RunningServer.journalOf(name, schema));
  }

  private Map<String, FileTime> files(String name) throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> all = Files.walk(RunningServer.journalOf(name, schema))) {
      for (Path file :
          all.filter(Files::isRegularFile).filter(one -> !one.endsWith("topology")).toList()) {
        times.put(file.toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  private static String obstacle(RunningServer server) {
    return server.json("/actuator/rescue").path("obstacle").asString("");
  }

  private long count() {
    return rows.queryForObject("SELECT COUNT(*) FROM kv WHERE v LIKE 'value%'", Long.class);
  }

  private static long version(HttpResponse<String> read) {
    return version(read.headers().firstValue("ETag").orElseThrow());
  }

  private static long version(String tag) {
    return Long.parseLong(tag.replace("\"", ""));
  }

  private static void assertProblem(HttpResponse<String> answer, String detail) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("urn:weir:problem:rescue-refused", detail);
  }
}
