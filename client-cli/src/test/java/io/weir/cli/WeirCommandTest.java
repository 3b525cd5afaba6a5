package io.weir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WeirCommandTest {

  private final FakeCluster cluster = new FakeCluster();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] in = {};

  @TempDir private Path directory;

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Runs a command on the fake cluster. */
  private int weir(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--master=" + cluster.masterUrl());
    return weirAlone(all.toArray(String[]::new));
  }

  private int weirAlone(String... arguments) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(in),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false);
    return WeirCommand.run(terminal, arguments);
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

  /** As docs/security.md has it for database accounts. */
  @Test
  void argumentsMayComeFromAFileAsTheyAre() throws IOException {
    Path file = directory.resolve("arguments");
    Files.writeString(
        file, "# the shard's account\n--mysql \"jdbc:other://h/weir?user=u&password=p#%s $1\"\n");
    assertThat(weirAlone("demo", "@" + file)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("got jdbc:other://h/weir").doesNotContain("password");
    Files.writeString(file, "put k \"a#b $1 'c' & %s\"");
    assertThat(weir("@" + file)).isEqualTo(ExitCodes.OK);
    assertThat(cluster.entries.get(Key.of("k")).value())
        .isEqualTo("a#b $1 'c' & %s".getBytes(UTF_8));
  }

  @Test
  void getPrintsTheValueByteForByte() {
    byte[] value = {0, -1, 10, 13};
    cluster.entries.put(Key.of("a/b ü"), new FakeCluster.Stored(value, null, 9));
    assertThat(weir("get", "a/b ü")).isEqualTo(ExitCodes.OK);
    assertThat(out.toByteArray()).isEqualTo(value);
    assertThat(err()).isEmpty();
  }

  @Test
  void getAsJsonGivesTheMetadata() {
    cluster.entries.put(Key.of("k"), new FakeCluster.Stored("Ada".getBytes(UTF_8), "text/x", 9));
    assertThat(weir("get", "k", "--output", "json")).isEqualTo(ExitCodes.OK);
    assertThat(json().path("value").asString()).isEqualTo("Ada");
    assertThat(json().path("version").asString()).isEqualTo("9");
    assertThat(json().path("contentType").asString()).isEqualTo("text/x");
    assertThat(json().path("cacheStatus").asString()).isEqualTo("hit");
    assertThat(json().path("bytes").asInt()).isEqualTo(3);
  }

  @Test
  void getAsJsonGivesBinaryAsBase64() {
    cluster.entries.put(Key.of("k"), new FakeCluster.Stored(new byte[] {-1}, null, 9));
    assertThat(weir("--output=json", "get", "k")).isEqualTo(ExitCodes.OK);
    assertThat(json().path("valueBase64").asString()).isEqualTo("/w==");
  }

  @Test
  void getOfAMissingEntrySaysSo() {
    assertThat(weir("get", "nobody")).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualToIgnoringNewLines("weir: there is no entry 'nobody'");
  }

  @Test
  void putTakesTheValueFromTheArgument() {
    assertThat(weir("put", "k", "Ada", "--content-type", "text/plain")).isEqualTo(ExitCodes.OK);
    assertThat(out()).isEqualToIgnoringNewLines("version 101");
    FakeCluster.Stored stored = cluster.entries.get(Key.of("k"));
    assertThat(stored).isNotNull();
    assertThat(stored.value()).isEqualTo("Ada".getBytes(UTF_8));
    assertThat(stored.contentType()).isEqualTo("text/plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"put k", "put k -"})
  void putTakesTheValueFromStandardInput(String line) {
    in = new byte[] {1, 2, 3};
    assertThat(weir(line.split(" ", -1))).isEqualTo(ExitCodes.OK);
    assertThat(stored("k")).containsExactly(1, 2, 3);
  }

  @Test
  void putTakesTheValueFromAFile() throws IOException {
    Path file = Files.write(directory.resolve("value"), new byte[] {4, 5});
    assertThat(weir("put", "k", "--file", file.toString())).isEqualTo(ExitCodes.OK);
    assertThat(stored("k")).containsExactly(4, 5);
  }

  @Test
  void putAsJsonGivesVersionAndDurability() {
    assertThat(weir("put", "k", "v", "--durability", "memory", "--output", "json"))
        .isEqualTo(ExitCodes.OK);
    assertThat(json().path("version").asString()).isEqualTo("101");
    assertThat(json().path("durability").asString()).isEqualTo("memory");
  }

  @Test
  void aConditionThatDoesNotHoldHasAnExitCodeOfItsOwn() {
    assertThat(weir("put", "k", "v", "--if-none-match", "*")).isEqualTo(ExitCodes.OK);
    assertThat(weir("put", "k", "w", "--if-none-match", "*"))
        .isEqualTo(ExitCodes.PRECONDITION_FAILED);
    assertThat(weir("put", "k", "w", "--if-match", "5")).isEqualTo(ExitCodes.PRECONDITION_FAILED);
    assertThat(weir("put", "k", "w", "--if-match", "101")).isEqualTo(ExitCodes.OK);
    assertThat(weir("delete", "k", "--if-match", "\"101\""))
        .isEqualTo(ExitCodes.PRECONDITION_FAILED);
    assertThat(err()).startsWith("weir: DELETE 'k': http://127.0.0.1").contains("412: because");
  }

  @Test
  void deleteRemovesTheEntry() {
    weir("put", "k", "v");
    assertThat(weir("delete", "k")).isEqualTo(ExitCodes.OK);
    assertThat(cluster.entries).isEmpty();
  }

  @Test
  void cachesPrintsATable() {
    assertThat(weir("caches")).isEqualTo(ExitCodes.OK);
    List<String> lines = out().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("topology version 7, serving, 2 shards");
    assertThat(Arrays.asList(lines.get(1).split(" +", -1)))
        .containsExactly("SHARD", "SLOTS", "COUNT", "LEADER", "URL", "STATE", "TERM", "REPLICAS");
    assertThat(Arrays.asList(lines.get(2).split(" +", -1)))
        .containsExactly(
            "00000000", "0-8191", "8192", "cache-1", cluster.cacheUrl(0), "up", "3", "-");
    assertThat(lines).hasSize(4);
  }

  @Test
  void cachesAsJsonIsTheTopology() {
    assertThat(weir("caches", "--output", "json")).isEqualTo(ExitCodes.OK);
    assertThat(json().path("version").asInt()).isEqualTo(7);
    assertThat(json().path("shards").get(1).path("leader").path("url").asString())
        .isEqualTo(cluster.cacheUrl(1));
  }

  @Test
  void locateSaysWhereAKeyLives() {
    assertThat(weir("locate", "user:1")).isEqualTo(ExitCodes.OK);
    assertThat(out()).contains("slot   10778").contains("url    " + cluster.cacheUrl(1));
    assertThat(weir("locate", "user:1", "--output=json")).isEqualTo(ExitCodes.OK);
    assertThat(json().path("slot").asInt()).isEqualTo(10_778);
  }

  @Test
  void aClusterThatIsNotThereIsNamed() {
    String url = cluster.masterUrl();
    cluster.close();
    assertThat(weir("get", "k", "--timeout", "5s")).isEqualTo(ExitCodes.NOT_REACHABLE);
    // Why, depends on the time that was left for the last attempt.
    assertThat(err()).startsWith("weir: no master gave the topology: cannot connect to " + url);
  }

  @Test
  void aCacheServerThatIsDownIsNamed() {
    cluster.stopCache(0);
    cluster.stopCache(1);
    assertThat(weir("put", "k", "v", "--timeout", "5s")).isEqualTo(ExitCodes.NOT_REACHABLE);
    assertThat(err()).startsWith("weir: PUT 'k': cannot connect to http://127.0.0.1:");
  }

  @Test
  void aRefusalHasAnExitCodeOfItsOwn() {
    cluster.refuseWrites = 413;
    assertThat(weir("put", "k", "v")).isEqualTo(ExitCodes.REFUSED);
    assertThat(err()).contains("413: because");
  }

  @Test
  void aWriteOfUnknownOutcomeHasAnExitCodeOfItsOwn() {
    cluster.refuseWrites = 500;
    assertThat(weir("put", "k", "v")).isEqualTo(ExitCodes.OUTCOME_UNKNOWN);
    assertThat(err()).contains("it may have been applied");
  }

  @Test
  void oneMasterOfSeveralIsEnough() {
    cluster.entries.put(Key.of("k"), new FakeCluster.Stored(new byte[0], null, 9));
    assertThat(weirAlone("--master", "http://127.0.0.1:1," + cluster.masterUrl(), "get", "k"))
        .isEqualTo(ExitCodes.OK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "get",
        "get k --output xml",
        "get k --master nonsense",
        "get k --network moon",
        "get k --timeout soon",
        "put k v --file f",
        "put k --file /does/not/exist",
        "put k v --if-none-match 5",
        "put k v --if-none-match * --if-match 5",
        "put k v --if-match x",
        "put k v --ttl 0s",
        "put k v --durability sometimes",
        "load --reads 2",
        "load --clients 0",
        "load --keys 0",
        "load --workload e",
        "load --workload a --reads 0.5",
        "load --reads 0.5 --updates 0.4",
        "load --hot-keys 2",
        "load --phase again",
        "load --rate 0",
        "load --arrivals poisson",
        "load --rate 5 --think-time 1s",
        "load --slo p99=5ms",
        "load --find-max",
        "load --find-max --slo fast",
        "load --find-max --slo p99=5ms --phase load",
        "load --find-max --slo p99=5ms --client-id 1/2",
        "load --find-max --slo p99=5ms --rate 0.5",
        "load --phase load --rate 5",
        "load --phase load --duration 5s",
        "load --phase load --verify",
        "load --write-log run.log --value-size 10B",
        "load --client-id 3/2",
        "load --fail-if p99",
        "load --verify --value-size 10B",
        "merge /no/such.json",
        "verify /no/such.log",
        "load --distribution normal",
        "load --theta -1",
        "load --value-size much",
        "demo --members 6",
        "demo --shards 0",
        "demo --port 65535",
        "demo --no-load --exit",
        "demo --value-size 10B",
        "demo --set weir.node-id=x",
        "demo --shards 2 --mysql jdbc:mysql://h/a",
        "demo --mysql jdbc:h2:mem:a",
        "demo --output json"
      })
  void aWrongCommandLineIsExplained(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);
    assertThat(weirAlone(arguments)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).startsWith("weir: ").contains("--help'.").doesNotContain("\tat ");
    assertThat(out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "get",
        "put",
        "delete",
        "caches",
        "locate",
        "status",
        "drain",
        "flush",
        "quarantine",
        "quarantine list",
        "quarantine retry",
        "quarantine discard",
        "export",
        "import",
        "load",
        "merge",
        "verify",
        "demo"
      })
  void everyCommandTeachesItself(String command) {
    String[] arguments =
        command.isEmpty() ? new String[] {"--help"} : (command + " --help").split(" ");
    assertThat(weirAlone(arguments)).isEqualTo(ExitCodes.OK);
    assertThat(out())
        .startsWith("Usage: weir")
        .contains("--master=URL", "--output=text|json")
        .contains("Exit codes:");
    assertThat(out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(121));
    if (!command.isEmpty()) {
      assertThat(out()).contains("Examples:").contains("  weir " + command);
    }
  }

  @Test
  void saysItsVersion() {
    assertThat(weirAlone("--version")).isEqualTo(ExitCodes.OK);
    assertThat(out()).startsWith("weir ");
  }

  @Test
  void verboseShowsWhereAFailureComesFrom() {
    assertThat(weir("get", "nobody", "--verbose")).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(err()).contains("\tat io.weir.cli");
  }

  @Test
  void loadReportsWhatItMeasured() {
    assertThat(
            weir(
                "load",
                "--clients=4",
                "--keys=50",
                "--reads=0.5",
                "--warmup=200ms",
                "--duration=1s",
                "--seed=5"))
        .isEqualTo(ExitCodes.OK);
    assertThat(out())
        .startsWith(
            "load: 4 clients, 50 keys, values of 100B, each inserted once, then 50% reads, 50%"
                + " updates, zipfian 0.99, closed loop, seed 5, 200ms warm-up, 1s")
        .contains("operations/s", "p99.9", "hit ratio", "errors none", "generator");
    assertThat(err()).contains("0s left");
  }

  @Test
  void loadAsJsonIsADocument() {
    assertThat(
            weir(
                "load",
                "--clients=4",
                "--keys=50",
                "--warmup=0s",
                "--duration=500ms",
                "--output=json"))
        .isEqualTo(ExitCodes.OK);
    JsonNode summary = json();
    assertThat(summary.path("settings").path("--clients").asString()).isEqualTo("4");
    assertThat(summary.path("throughput").asDouble()).isPositive();
    assertThat(summary.path("operations").get(0).path("operation").asString()).isEqualTo("read");
    assertThat(summary.path("operations").get(0).path("responseMillis").path("p99").asDouble())
        .isPositive();
    assertThat(summary.path("hitRatio").asDouble()).isBetween(0.0, 1.0);
    assertThat(summary.path("generator").path("verdict").asString()).startsWith("The generator");
  }

  @Test
  void aLoadWithoutAnySuccessFails() {
    cluster.stopCache(0);
    cluster.stopCache(1);
    assertThat(weir("load", "--phase=run", "--clients=2", "--warmup=0s", "--duration=300ms"))
        .isEqualTo(ExitCodes.NOT_REACHABLE);
    assertThat(out()).contains("errors refused");
  }

  private byte[] stored(String key) {
    FakeCluster.Stored stored = cluster.entries.get(Key.of(key));
    return stored == null ? new byte[0] : stored.value();
  }

  @Test
  void theTokenComesFromAFile() throws IOException {
    cluster.token = "the-token";
    cluster.entries.put(Key.of("k"), new FakeCluster.Stored("Ada".getBytes(UTF_8), null, 9));
    assertThat(weir("get", "k")).isEqualTo(ExitCodes.NOT_REACHABLE);
    assertThat(err()).contains("401");
    Path file = Files.writeString(directory.resolve("token"), "the-token\n");
    assertThat(weir("get", "k", "--token-file=" + file)).isEqualTo(ExitCodes.OK);
    assertThat(out()).isEqualTo("Ada");
    assertThat(weir("caches", "--token-file=" + file)).isEqualTo(ExitCodes.OK);
    assertThat(
            weir("load", "--token-file=" + file, "--warmup=0s", "--duration=300ms", "--keys=100"))
        .isEqualTo(ExitCodes.OK);
  }

  @Test
  void aTokenFileThatHoldsNoneIsAWrongCommandLine() throws IOException {
    Path none = directory.resolve("none");
    assertThat(weir("get", "k", "--token-file=" + none)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("--token-file: the token file " + none).contains("no such file");
    Path two = Files.writeString(directory.resolve("two"), "secret-one secret-two");
    assertThat(weir("get", "k", "--token-file=" + two)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("one token of printable ASCII").doesNotContain("secret");
  }

  @Test
  void filesOfTlsThatCannotBeUsedAreAWrongCommandLine() throws IOException {
    Path none = directory.resolve("none.pem");
    assertThat(weir("get", "k", "--ca-file=" + none)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("--ca-file: " + none + " cannot be read");
    Path text = Files.writeString(directory.resolve("text.pem"), "no certificate");
    assertThat(weir("get", "k", "--ca-file=" + text)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("--ca-file: " + text + " cannot be used");
    assertThat(weir("get", "k", "--cert-file=" + text)).isEqualTo(ExitCodes.USAGE);
    assertThat(err()).contains("--cert-file and --key-file go together");
  }
}
