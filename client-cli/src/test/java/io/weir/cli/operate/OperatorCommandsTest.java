package io.weir.cli.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.cli.WeirCommand;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import io.weir.model.Key;
import io.weir.testing.FakeCluster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators do, on a fake cluster. */
@Timeout(600)
class OperatorCommandsTest {

  private static final Key A = Key.of("a");
  private static final Key B = Key.of("b");
  private static final String END_OF_TWO = "{\"end\":true,\"entries\":2}\n";

  private final FakeCluster cluster = new FakeCluster();
  private final FakeOperator operator = new FakeOperator(cluster);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] in = {};
  private boolean interactive;

  @TempDir private Path directory;

  @BeforeEach
  void open() {
    cluster.operator = operator;
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private int weir(String... arguments) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--master=" + cluster.masterUrl());
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(in),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            interactive);
    return WeirCommand.run(terminal, all.toArray(String[]::new));
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(out());
  }

  // Status.

  @Test
  void statusShowsWhatEachServerDoes() {
    operator.status = status("serving", "up");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out())
        .startsWith("serving, topology version 7, 2 of 2 servers up, at 2026-11-25T09:00:00Z")
        .containsPattern(
            "cache-1 +up +leader +00000000 +0-8191 +3 +cache_1:9401 +97\\.5% +1,234 +5\\.5 +42 +")
        .contains("2 (1.0 KiB)", "1.5 s")
        .containsPattern("cache-2 +up +replica .* - +- +- +-")
        .containsPattern("5\\.0 s ago +failed-over +cache-1 +cache-1 leads now");
  }

  @Test
  void statusEndsWithEightWhenTheClusterIsDegraded() {
    operator.status = status("serving", "down");
    assertThat(weir("status", "--output", "json")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(json().path("servers").get(1).path("state").asString()).isEqualTo("down");
    operator.status = status("degraded", "up");
    assertThat(weir("status", "--events", "0")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(out()).doesNotContain("failed-over");
  }

  @Test
  void statusNamesTheServerThatCannotReadTheJournal() {
    operator.status =
        status("serving", "up")
            .replace(
                "\"lastSeenSeconds\":0.5,",
                "\"lastSeenSeconds\":0.5, \"journalFormats\":{\"reads\":2,\"writes\":2},");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out())
        .contains(
            "cache-2 reads journal format 1, and its shard's group writes format 2: start a version"
                + " of Weir there that reads format 2");
  }

  @Test
  void statusSaysThatServersWaitOutsideTheirGroup() {
    String sentence =
        " outside the group of shard 00000000, which has as many members as it is to have:"
            + " weir.raft.members of its servers lets more in, or stop what waits";
    for (int waiting : new int[] {1, 2}) {
      operator.status =
          status("serving", "up").replace("\"shed\":0", "\"shed\":0,\"waitingServers\":" + waiting);
      assertThat(weir("status")).isEqualTo(ExitCodes.OK);
      assertThat(out()).contains((waiting == 1 ? "1 server waits" : "2 servers wait") + sentence);
    }
  }

  @Test
  void statusNamesTheServerWhoseDiskIsNearlyFull() {
    operator.status =
        status("serving", "up").replace("\"shed\":0", "\"shed\":0,\"journalFull\":true");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out()).contains("that its journal is on is nearly full: a leader refuses writes");
  }

  @Test
  void statusSaysWhatIsWrongWithADatabase() {
    operator.status =
        status("serving", "up")
            .replace("\"shed\":0", "\"shed\":0,\"missingFlushes\":16")
            .replace(
                "\"lastSeenSeconds\":0.5,", "\"lastSeenSeconds\":0.5,\"databaseServer\":\"1a\",")
            .replace(
                "\"lastSeenSeconds\":12,", "\"lastSeenSeconds\":12,\"databaseServer\":\"2b\",");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out())
        .contains(
            "the database of shard 00000000 has lost 16 flushes that it had acknowledged: 'weir"
                + " accept-database 00000000 --missing 16' accepts it as it is",
            "cache-2 sees database server 2b, and its leader cache-1 sees 1a: cache-2 loads nothing"
                + " after half a minute, until both see the same; compare their weir.database.url");
    operator.status =
        operator.status.replace("\"2b\"", "\"1a\"").replace("Flushes\":16", "Flushes\":0");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out()).doesNotContain("database");
  }

  @Test
  void statusSaysWhatTheDatabasesWereSparedLately() {
    operator.status = status("serving", "up");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out()).as("servers of an earlier release do not tell").doesNotContain("STATEMENTS");

    operator.status =
        operator
            .status
            .replace(
                "\"shed\":0",
                "\"shed\":0,\"recentSeconds\":305.2,\"recentWrites\":12000,\"recentRows\":3000,"
                    + "\"recentCommits\":24,\"recentStatements\":180")
            .replace("\"figures\":null", "\"figures\":{\"recentSeconds\":72.9}");
    assertThat(weir("status")).isEqualTo(ExitCodes.OK);
    assertThat(out())
        .contains(
            "in the last 5 min the databases executed 180 statements in 24 commits for 12,000"
                + " writes: 15 and 2.0 for a thousand writes")
        .containsPattern("(?m)^cache-1 +5 min +12,000 +180 +24 +3,000 +15 +2\\.0 +125$")
        .containsPattern("(?m)^cache-2 +1 min 12 s +0 +0 +0 +0 +- +- +-$")
        .containsPattern("(?m)^all that are up +5 min +12,000 +180 +24 +3,000 +15 +2\\.0 +125$");
  }

  @Test
  void aStatusInJsonSaysWhatTheDatabasesWereSpared() {
    operator.status =
        status("serving", "up")
            .replace(
                "\"shed\":0",
                "\"shed\":0,\"recentSeconds\":30,\"recentWrites\":2000,\"recentRows\":30,"
                    + "\"recentCommits\":3,\"recentStatements\":18");
    assertThat(weir("status", "--output", "json")).isEqualTo(ExitCodes.OK);
    assertThat(json().path("recentStatementsPerThousandWrites").asDouble()).isEqualTo(9);
    assertThat(json().at("/servers/0/figures/recentRowsPerCommit").asDouble()).isEqualTo(10);
  }

  @Test
  void statusIsShownAgainUntilItIsInterrupted() throws InterruptedException {
    operator.status = status("serving", "up");
    Thread watch =
        Thread.ofPlatform().start(() -> weir("status", "--watch", "--interval", "100ms"));
    await().until(() -> out().split("topology version", -1).length > 3);
    watch.interrupt();
    assertThat(watch.join(Duration.ofSeconds(10))).isTrue();
  }

  private static String status(String state, String second) {
    return """
    {"cluster":null,"state":"%s","version":7,"at":"2026-11-25T09:00:00Z","slots":16384,
     "servers":[
      {"nodeId":"cache-1","url":"http://127.0.0.1:1","fastUrl":"http://cache_1:9401","shard":"00000000-0000-0001-0000-000000000000",
       "ranges":[{"first":0,"last":8191}],"role":"leader","state":"up","term":3,
       "lastSeenSeconds":0.5,
       "figures":{"getsPerSecond":1234.2,"putsPerSecond":5.5,"hitRatio":0.975,"entries":42,
        "bytes":100,"maxBytes":1000,"dirtyEntries":2,"dirtyBytes":1024,
        "oldestDirtyAgeSeconds":1.5,"lossBoundEntries":0,"lossBoundBytes":0,
        "lossBoundAgeSeconds":0,"flushesPerSecond":1,"rowsFlushed":9,"coalesced":3,
        "quarantined":1,"shed":0}},
      {"nodeId":"cache-2","url":"http://127.0.0.1:2","shard":"00000000-0000-0001-0000-000000000000",
       "ranges":[{"first":0,"last":8191}],"role":"replica","state":"%s","term":3,
       "lastSeenSeconds":12,"figures":null}],
     "events":[{"at":"2026-11-25T08:59:55Z","type":"failed-over","nodeId":"cache-1","shard":null,
       "text":"cache-1 leads now"}]}\
    """
        .formatted(state, second);
  }

  // Drain and flush.

  @Test
  void aServerIsDrainedAndTakenBack() {
    assertThat(weir("drain", "cache-2")).isEqualTo(ExitCodes.OK);
    assertThat(out()).isEqualToIgnoringNewLines("cache-2 is drained, replica");
    assertThat(operator.requests).contains("1 POST /actuator/drain");
    assertThat(weir("drain", "cache-2", "--undo")).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("cache-2 is active, leader");
  }

  @Test
  void whatADrainLeavesIsSaid() {
    operator.drain = FakeOperator.drainReport("draining", "leader", true, 3);
    operator.drains = false;
    assertThat(weir("drain", "cache-1", "--wait", "1s")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(out())
        .isEqualToIgnoringNewLines(
            "cache-1 is draining, leader, refuses writes, 3 dirty entries left");
    assertThat(weir("drain", "cache-1", "--output", "json")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(json().path("drain").path("dirtyEntries").asInt()).isEqualTo(3);
  }

  @Test
  void aServerThatIsNotThereIsNoTarget() {
    assertThat(weir("drain", "cache-9")).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("there is no cache server 'cache-9'; there are cache-1, cache-2");
  }

  @Test
  void everyLeaderFlushes() {
    assertThat(weir("flush")).isEqualTo(ExitCodes.OK);
    assertThat(out()).contains("cache-1: flushed, 0 entries are dirty now", "cache-2: flushed");
    operator.flushes = false;
    assertThat(weir("flush", "cache-1", "--output", "json")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(json()).hasSize(1);
    assertThat(json().get(0).path("dirtyEntries").asInt()).isEqualTo(7);
    assertThat(weir("flush", "cache-1", "--all")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void aServerThatDoesNotAnswerIsSaidToBeOutOfReach() {
    cluster.stopCache(0);
    assertThat(weir("flush", "--wait", "1s", "--timeout", "20s"))
        .isEqualTo(ExitCodes.NOT_REACHABLE);
    assertThat(err()).startsWith("weir: POST /actuator/writeback: cannot connect");
  }

  // A database that went back.

  @Test
  void aDatabaseThatWentBackIsShownAndAccepted() {
    String shard = "00000000-0000-0001-0000-000000000000";
    assertThat(weir("accept-database", shard)).isEqualTo(ExitCodes.OK);
    assertThat(out()).contains("has not gone back, as of flush 40");

    operator.missing = 12;
    assertThat(weir("accept-database", shard)).isEqualTo(ExitCodes.DEGRADED);
    assertThat(out()).contains("has lost 12 flushes", "--missing 12' accepts that");
    assertThat(weir("accept-database", shard, "--missing", "11"))
        .isEqualTo(ExitCodes.PRECONDITION_FAILED);
    assertThat(err()).contains("has lost 12 flushes, not 11; nothing was changed");
    assertThat(weir("accept-database", shard, "--missing", "12", "--output", "json"))
        .isEqualTo(ExitCodes.OK);
    assertThat(json().path("database").path("wentBack").asBoolean()).isFalse();
    assertThat(operator.missing).isZero();
    assertThat(weir("accept-database", "nothing")).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("there is no shard 'nothing'; there are " + shard);
  }

  @Test
  void aClaimIsForgottenWhenSomebodySaysSo() {
    String shard = "00000000-0000-0001-0000-000000000000";
    assertThat(weir("forget-claim", shard)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("nobody is there to ask, so say --yes");
    assertThat(operator.requests).isEmpty();
    assertThat(weir("forget-claim", shard, "--yes")).isEqualTo(ExitCodes.OK);
    assertThat(out()).contains("shard " + shard + ": its servers are to register anew");
    assertThat(operator.requests)
        .singleElement()
        .asString()
        .endsWith("DELETE /shards/" + shard + "/claim");
  }

  @Test
  void aSurvivorSaysWhatItHasAndIsRescued() {
    operator.drain = FakeOperator.drainReport("active", "replica", false, 0);
    assertThat(weir("rescue", "cache-1")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(out())
        .contains(
            "cache-1 is member 127.0.0.1:8401:7 of generation 3, and has a log up to entry 47",
            "that came 3 min ago, at 2026-11-25T09:00:00Z, by the log's files",
            "1,234 entries are dirty",
            "127.0.0.1:8402:8 does not answer.",
            "127.0.0.1:8403:9 answers, and is listed as up.",
            "Nobody knows.",
            "'weir rescue cache-1 --generation 3' founds the next generation");
    assertThat(weir("rescue", "cache-1", "--generation", "2"))
        .isEqualTo(ExitCodes.PRECONDITION_FAILED);
    assertThat(err()).contains("in generation 3, not 2; nothing was changed");
    assertThat(operator.requests).doesNotContain("0 POST /actuator/rescue");

    assertThat(weir("rescue", "cache-1", "--generation", "3")).isEqualTo(ExitCodes.OK);
    assertThat(out())
        .contains("has founded generation 4 with its log up to entry 47, and leads it alone")
        .contains("weir flush", "with empty directories");
  }

  @Test
  void aRescueThatCannotBeDoneOrDoesNotComeToAnEndIsSaid() {
    operator.obstacle = "the member 127.0.0.1:8403:9 answers at its journal's port";
    assertThat(weir("rescue", "cache-1")).isEqualTo(ExitCodes.REFUSED);
    assertThat(out()).contains("It cannot be rescued now: the member 127.0.0.1:8403:9 answers");
    assertThat(weir("rescue", "cache-1", "--generation", "3")).isEqualTo(ExitCodes.REFUSED);
    assertThat(weir("rescue", "cache-1", "--output", "json")).isEqualTo(ExitCodes.REFUSED);
    assertThat(json().path("report").path("others")).hasSize(2);

    operator.obstacle = null;
    operator.leadsAfterRescue = false;
    operator.drain = FakeOperator.drainReport("active", "replica", false, 0);
    assertThat(weir("rescue", "cache-1", "--generation", "3", "--wait", "10ms"))
        .isEqualTo(ExitCodes.DEGRADED);
    assertThat(out()).contains("does not lead yet", "start it, if nothing does");
    assertThat(weir("rescue", "cache-1", "--generation", "3", "--wait", "10ms", "--output", "json"))
        .isEqualTo(ExitCodes.DEGRADED);
    assertThat(json().path("leads").asBoolean()).isFalse();
    assertThat(json().path("rescued").path("generation").asInt()).isEqualTo(4);
  }

  // Quarantine.

  private void refuse(Key key, String value) {
    operator.refused.put(
        key,
        new FakeOperator.Refused(key.slot() <= 8191 ? 0 : 1, value.getBytes(UTF_8), "text/x", 42));
  }

  @Test
  void refusedRowsAreListedOfAllShards() {
    assertThat(weir("quarantine", "list")).isEqualTo(ExitCodes.OK);
    assertThat(out()).isEqualToIgnoringNewLines("no row is refused");
    refuse(A, "one");
    refuse(B, "two");
    assertThat(A.slot() <= 8191).isNotEqualTo(B.slot() <= 8191);
    assertThat(weir("quarantine", "list")).isEqualTo(ExitCodes.OK);
    assertThat(out()).containsPattern("cache-\\d +a +42 +3 B +1 +1 min +0\\.5 s +Data too long");
    assertThat(weir("quarantine", "list", "--output", "json")).isEqualTo(ExitCodes.OK);
    assertThat(json().path("rows")).hasSize(2);
    assertThat(json().path("entries").asInt()).isEqualTo(2);
  }

  @Test
  void whatIsToBeDoneWithWhichRowsMustBeSaid() {
    assertThat(weir("quarantine")).isEqualTo(ExitCodes.USAGE);
    assertThat(weir("quarantine", "retry")).isEqualTo(ExitCodes.USAGE);
    assertThat(weir("quarantine", "discard", "a", "--all")).isEqualTo(ExitCodes.USAGE);
    assertThat(weir("quarantine", "discard", "a", "--yes")).isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void aRetrySaysWhatBecameOfEachRow() {
    refuse(A, "one");
    assertThat(weir("quarantine", "retry", "--all")).isEqualTo(ExitCodes.DEGRADED);
    assertThat(out()).isEqualToIgnoringNewLines("'a' is refused again: Data too long");
    operator.heals = true;
    assertThat(weir("quarantine", "retry", "a")).isEqualTo(ExitCodes.OK);
    assertThat(out()).isEqualToIgnoringNewLines("'a' is refused no longer");
  }

  @Test
  void aDiscardThatNobodyConfirmsDiscardsNothing() {
    refuse(A, "one");
    assertThat(weir("quarantine", "discard", "a")).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("this would lose 1 value; nobody is there to ask, so say --yes");
    interactive = true;
    for (String answer : List.of("n\n", "", "yess\n")) {
      in = answer.getBytes(UTF_8);
      assertThat(weir("quarantine", "discard", "a", "--save", file("saved")))
          .isEqualTo(ExitCodes.NOT_CONFIRMED);
      assertThat(err()).contains("Data too long", "1 value would be lost", "nothing was discarded");
    }
    assertThat(operator.refused).containsKey(A);
    assertThat(directory.resolve("saved")).doesNotExist();
  }

  @Test
  void whatIsDiscardedIsInAFileFirstAndCanBePutBack() throws IOException {
    refuse(A, "one\u0000");
    refuse(B, "two");
    interactive = true;
    in = "y\n".getBytes(UTF_8);
    assertThat(weir("quarantine", "discard", "a", "--save", file("saved"))).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("1 value discarded; what was lost is in ");
    interactive = false;
    assertThat(weir("quarantine", "discard", "--all", "--yes", "--save", file("saved")))
        .isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("saved is there already; each discard writes a file of its own");
    assertThat(operator.refused).containsOnlyKeys(B);
    assertThat(weir("quarantine", "discard", "--all", "--yes", "--save", file("others")))
        .isEqualTo(ExitCodes.OK);
    assertThat(operator.refused).isEmpty();
    assertThat(Files.readAllLines(directory.resolve("saved"))).hasSize(1);

    cluster.entries.put(A, new FakeCluster.Stored("its row".getBytes(UTF_8), null, 41));
    for (String saved : List.of("saved", "others")) {
      assertThat(weir("import", "--yes", file(saved))).isEqualTo(ExitCodes.OK);
      assertThat(out()).startsWith("1 written, 0 left alone");
    }
    FakeCluster.Stored back = cluster.entries.get(A);
    assertThat(back).isNotNull();
    assertThat(back.value()).isEqualTo("one\u0000".getBytes(UTF_8));
    assertThat(back.contentType()).isEqualTo("text/x");
    assertThat(cluster.entries).containsKey(B);
  }

  @Test
  void aDiscardedValueIsNotPutOverANewerOne() throws IOException {
    refuse(A, "one");
    assertThat(weir("quarantine", "discard", "a", "--yes", "--save", file("saved")))
        .isEqualTo(ExitCodes.OK);
    cluster.entries.put(A, new FakeCluster.Stored("newer".getBytes(UTF_8), null, 43));
    assertThat(weir("import", "--yes", file("saved"))).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("0 written, 1 left alone");
    assertThat(cluster.entries.get(A).value()).isEqualTo("newer".getBytes(UTF_8));

    Files.writeString(
        directory.resolve("saved"),
        """
        {"key":"a","version":"42","deleted":true,"discarded":true}
        {"key":"b","version":"42","deleted":true,"discarded":true}
        {"key":"c","version":"42","deleted":true,"discarded":true}
        """);
    cluster.entries.put(B, new FakeCluster.Stored(new byte[1], null, 41));
    assertThat(weir("import", "--yes", file("saved"))).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("1 written, 2 left alone");
    assertThat(cluster.entries).containsOnlyKeys(A);
  }

  @Test
  void aRowThatWasWrittenMeanwhileIsLeftAlone() {
    refuse(A, "one");
    cluster.operator =
        (server, method, query, body) -> {
          if (method.startsWith("DELETE")) {
            operator.refused.put(A, new FakeOperator.Refused(0, new byte[1], null, 43));
          }
          return operator.answer(server, method, query, body);
        };
    assertThat(weir("quarantine", "discard", "a", "--yes", "--save", file("saved")))
        .isEqualTo(ExitCodes.PRECONDITION_FAILED);
    assertThat(out()).contains("'a' is refused no longer, and was left alone");
    assertThat(operator.refused).containsKey(A);
  }

  // Export and import.

  @Test
  void whatIsExportedIsImportedAsItWas() throws IOException {
    Map<Key, FakeCluster.Stored> all = new HashMap<>();
    for (int i = 0; i < 9; i++) {
      byte[] value = i % 2 == 0 ? new byte[] {0, -1, (byte) i} : ("text " + i).getBytes(UTF_8);
      all.put(
          Key.of("key/" + i + " \u0001ü\n\""),
          new FakeCluster.Stored(value, i % 3 == 0 ? null : "text/x", 50 + i));
    }
    all.put(Key.of("empty"), new FakeCluster.Stored(new byte[0], null, 7));
    cluster.entries.putAll(all);
    operator.expiries.put(Key.of("empty"), Instant.now().plus(Duration.ofHours(1)));
    assertThat(weir("export", "--file", file("all"))).isEqualTo(ExitCodes.OK);
    assertThat(err()).startsWith("10 entries, ");
    assertThat(Files.readAllLines(directory.resolve("all")))
        .hasSize(11)
        .last()
        .isEqualTo("{\"end\":true,\"entries\":10}");
    assertThat(directory.resolve("all.part")).doesNotExist();

    cluster.entries.clear();
    assertThat(weir("import", "--yes", file("all"))).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("10 written, 0 left alone, 0 expired, 0 failed");
    assertThat(cluster.entries.keySet()).isEqualTo(all.keySet());
    all.forEach((key, before) -> {
      FakeCluster.Stored after = cluster.entries.get(key);
      assertThat(after.value()).isEqualTo(before.value());
      if (before.contentType() != null) {
        assertThat(after.contentType()).isEqualTo(before.contentType());
      }
    });
    assertThat(cluster.ttls.get(Key.of("empty"))).isBetween(3_500_000L, 3_600_000L);
    assertThat(cluster.ttls).hasSize(1);
  }

  @Test
  void onlySomeSlotsAreExported() {
    cluster.entries.put(A, new FakeCluster.Stored(new byte[1], null, 1));
    cluster.entries.put(B, new FakeCluster.Stored(new byte[1], null, 1));
    assertThat(weir("export", "--slots", String.valueOf(A.slot()))).isEqualTo(ExitCodes.OK);
    assertThat(out().lines().map(JsonMapper.shared()::readTree))
        .hasSize(2)
        .first()
        .satisfies(line -> assertThat(line.path("key").asString()).isEqualTo("a"));
    for (String slots : List.of("5-4", "x", "0-16384", "1-2-3", "-1")) {
      assertThat(weir("export", "--slots", slots)).as(slots).isEqualTo(ExitCodes.USAGE);
      assertThat(err()).contains("--slots");
    }
    assertThat(weir("export", "--output", "json")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void anExportRidesOutAFailoverAndGivesUpAfterTheTimeout() {
    cluster.entries.put(A, new FakeCluster.Stored(new byte[1], null, 1));
    operator.busyPages = 2;
    assertThat(weir("export", "--file", file("all"))).isEqualTo(ExitCodes.OK);
    operator.busyPages = 1_000;
    assertThat(weir("export", "--file", file("other"), "--timeout", "5s"))
        .isEqualTo(ExitCodes.REFUSED);
    assertThat(directory.resolve("other")).doesNotExist();
  }

  @Test
  void anExportThatFailsMidwayIsNotTakenForAWholeOne() {
    for (int i = 0; i < 7; i++) {
      cluster.entries.put(Key.of("k" + i), new FakeCluster.Stored(new byte[50_000], null, 1));
    }
    operator.goodPages = 2;
    assertThat(weir("export", "--timeout", "5s")).isEqualTo(ExitCodes.REFUSED);
    in = out.toByteArray();
    long came = out().lines().filter(line -> line.endsWith("}")).count();
    assertThat(came).isPositive();

    cluster.entries.clear();
    assertThat(weir("import", "--if-absent")).isEqualTo(ExitCodes.REFUSED);
    assertThat(cluster.entries).hasSize((int) came);
    assertThat(out()).startsWith(came + " written");
    assertThat(err()).contains("the export was cut off", "what came was dealt with, and is kept");
  }

  @Test
  void linesMustBeAsManyAsTheLastOneSays() throws IOException {
    String whole = lines("a", "b") + END_OF_TWO;
    Map<String, String> cutOff =
        Map.of(
            "nothing", "",
            "no end", lines("a", "b"),
            "too few", lines("a") + END_OF_TWO,
            "too many", lines("a", "b", "c") + END_OF_TWO,
            "a half last line", lines("a") + "{\"key\":\"b\",\"val",
            "a half after a whole", whole + lines("c"));
    for (Map.Entry<String, String> one : cutOff.entrySet()) {
      Files.writeString(directory.resolve("lines"), one.getValue());
      assertThat(weir("import", "--if-absent", file("lines"), "--output", "json"))
          .as(one.getKey())
          .isEqualTo(ExitCodes.REFUSED);
      assertThat(json().path("complete").asBoolean()).as(one.getKey()).isFalse();
    }
    for (String lines : List.of(whole, whole + whole, END_OF_TWO.replace("2", "0"))) {
      Files.writeString(directory.resolve("lines"), lines);
      assertThat(weir("import", "--if-absent", file("lines"))).as(lines).isEqualTo(ExitCodes.OK);
      assertThat(weir("import", "--if-absent", "--from-line", "2", file("lines")))
          .as(lines)
          .isEqualTo(ExitCodes.OK);
    }
  }

  private static String lines(String... keys) {
    return Arrays.stream(keys)
        .map(key -> "{\"key\":\"" + key + "\",\"value\":\"v\"}\n")
        .collect(Collectors.joining());
  }

  @Test
  void anImportThatNobodyConfirmsPutsNothing() throws IOException {
    Files.writeString(directory.resolve("lines"), lines("a", "b") + END_OF_TWO);
    assertThat(weir("import", file("lines"))).isEqualTo(ExitCodes.USAGE);
    assertThat(err())
        .contains(
            "this would overwrite and delete entries", "nobody is there to ask, so say --yes");
    interactive = true;
    assertThat(weir("import")).isEqualTo(ExitCodes.USAGE);
    in = "n\n".getBytes(UTF_8);
    assertThat(weir("import", file("lines"))).isEqualTo(ExitCodes.NOT_CONFIRMED);
    assertThat(err()).contains("will be overwritten with those of", "nothing was imported");
    assertThat(cluster.entries).isEmpty();
    in = "y\n".getBytes(UTF_8);
    assertThat(weir("import", file("lines"))).isEqualTo(ExitCodes.OK);
    assertThat(cluster.entries).containsOnlyKeys(A, B);
  }

  @Test
  void anImportIfAbsentDeletesNothing() throws IOException {
    cluster.entries.put(A, new FakeCluster.Stored("old".getBytes(UTF_8), null, 1));
    Files.writeString(
        directory.resolve("lines"), "{\"key\":\"a\",\"deleted\":true}\n" + lines("b") + END_OF_TWO);
    assertThat(weir("import", "--if-absent", file("lines"))).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("1 written, 1 left alone");
    assertThat(cluster.entries).containsOnlyKeys(A, B);
  }

  @Test
  void anImportLeavesAloneWhatIsThere() throws IOException {
    cluster.entries.put(A, new FakeCluster.Stored("old".getBytes(UTF_8), null, 1));
    Path file = directory.resolve("lines");
    Files.writeString(
        file,
        """
        {"key":"a","value":"new"}

        {"keyBase64":"Yg==","value":"new","expiresAt":"2001-01-01T00:00:00Z"}
        {"keyBase64":"Yw==","value":"new"}
        """);
    assertThat(weir("import", "--if-absent", "--no-end", file.toString(), "--output", "json"))
        .isEqualTo(ExitCodes.OK);
    assertThat(json().path("written").asInt()).isEqualTo(1);
    assertThat(json().path("leftAlone").asInt()).isEqualTo(1);
    assertThat(json().path("expired").asInt()).isEqualTo(1);
    assertThat(cluster.entries.get(A).value()).isEqualTo("old".getBytes(UTF_8));
    assertThat(cluster.entries).containsKey(Key.of("c"));
  }

  @Test
  void aLineThatFailsIsNamedAndTheOthersArePut() {
    in =
        """
        {"key":"a","value":"1"}
        nonsense
        {"key":"","value":"1"}
        {"key":"a"}
        {"key":"a","keyBase64":"YQ==","value":"1"}
        {"key":"b","valueBase64":"?"}
        {"key":"b","deleted":true,"value":"1"}
        {"key":"b","value":"1"}
        """
            .getBytes(UTF_8);
    assertThat(weir("import", "--yes", "--no-end")).isEqualTo(ExitCodes.REFUSED);
    assertThat(out()).startsWith("2 written, 0 left alone, 0 expired, 6 failed");
    for (int line = 2; line <= 7; line++) {
      assertThat(err()).contains("weir: line " + line + ": ");
    }
    assertThat(cluster.entries.keySet()).containsExactlyInAnyOrder(A, B);
  }

  @Test
  void anImportStopsAfterTooManyFailuresAndIsGoneOnWith() {
    in =
        IntStream.rangeClosed(1, 200)
            .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":\"v\"}\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    cluster.refuseWrites = 413;
    assertThat(
            weir(
                "import",
                "--yes",
                "--max-failures",
                "3",
                "--concurrency",
                "2",
                "--from-line",
                "11"))
        .isEqualTo(ExitCodes.REFUSED);
    assertThat(out()).contains("stopped after too many failures; go on with --from-line 11");
    assertThat(err()).contains("weir: line 11: 'k11': ");

    cluster.refuseWrites = 0;
    assertThat(weir("import", "--yes", "--no-end", "--from-line", "11")).isEqualTo(ExitCodes.OK);
    assertThat(cluster.entries).hasSize(190);
  }

  @Test
  void linesOfOneKeyArePutInTheirOrder() {
    in =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> "{\"key\":\"a\",\"value\":\"" + i + "\"}\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);
    assertThat(weir("import", "--yes", "--no-end")).isEqualTo(ExitCodes.OK);
    assertThat(cluster.entries.get(A).value()).isEqualTo("100".getBytes(UTF_8));
  }

  @Test
  void whatCannotBeReadOrIsOutOfRangeIsRefusedBefore() {
    assertThat(weir("import", file("absent"))).isEqualTo(ExitCodes.USAGE);
    assertThat(weir("import", "--concurrency", "0")).isEqualTo(ExitCodes.USAGE);
    assertThat(weir("import", "--from-line", "0")).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void filesWithValuesAreTheirOwnersAlone() throws IOException {
    assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
    refuse(A, "one");
    Files.writeString(directory.resolve("all.part"), "of an export that was killed");
    assertThat(weir("export", "--file", file("all"))).isEqualTo(ExitCodes.OK);
    assertThat(weir("quarantine", "discard", "a", "--yes", "--save", file("saved")))
        .isEqualTo(ExitCodes.OK);
    for (String name : List.of("all", "saved")) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
          .as(name)
          .containsExactlyInAnyOrder(
              PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }
}
