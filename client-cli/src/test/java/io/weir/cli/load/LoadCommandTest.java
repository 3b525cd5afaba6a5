package io.weir.cli.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cli.WeirCommand;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import io.weir.load.result.LoadResult;
import io.weir.load.result.ResultFile;
import io.weir.model.Key;
import io.weir.testing.FakeCluster;
import io.weir.testing.FakeRedis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs of load, merge and verify on a fake cluster. */
class LoadCommandTest {

  private final FakeCluster cluster = new FakeCluster();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    cluster.close();
  }

  private int weir(String... arguments) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false);
    return WeirCommand.run(terminal, arguments);
  }

  /** A short load; options given later win over these only where they are others. */
  private int load(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "load",
                "--master=" + cluster.masterUrl(),
                "--timeout=20s",
                "--clients=4",
                "--keys=60",
                "--warmup=0s",
                "--duration=1500ms"));
    all.addAll(List.of(arguments));
    return weir(all.toArray(String[]::new));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private LoadResult result(String name) throws IOException {
    return ResultFile.read(directory.resolve(name));
  }

  @Test
  void everythingRecordedIsInTheFile() throws IOException {
    assertThat(load("--workload=a", "--name=tuesday", "--json=" + file("run.json")))
        .isEqualTo(ExitCodes.OK);
    LoadResult result = result("run.json");
    assertThat(result.name()).isEqualTo("tuesday");
    assertThat(result.timeline()).isNotEmpty();
    assertThat(result.settings())
        .containsEntry("--reads", "0.5")
        .containsEntry("--updates", "0.5")
        .containsEntry("--theta", "0.99")
        .containsEntry("--clients", "4");
    assertThat(result.environment().masterUrls()).containsExactly(cluster.masterUrl());
    assertThat(result.writes().acknowledged()).isGreaterThanOrEqualTo(60);
  }

  @Test
  void anOpenLoopShowsBothTimes() {
    assertThat(load("--rate=200", "--arrivals=poisson")).isEqualTo(ExitCodes.OK);
    assertThat(out.toString(UTF_8))
        .contains("200/s poisson", " of 200 poisson", "from when an operation was due")
        .contains("from sending");
  }

  @Test
  void aConditionThatIsMetDecidesTheExitCode() {
    assertThat(load("--fail-if=p99>1us", "--fail-if=errors>0"))
        .isEqualTo(ExitCodes.THRESHOLD_MISSED);
    assertThat(err.toString(UTF_8))
        .contains("weir: p99>1us is met: it was ")
        .doesNotContain("errors>0");
    assertThat(load("--fail-if=p99>1h")).isEqualTo(ExitCodes.OK);
  }

  @Test
  void aConditionThatCannotBeReadStopsTheRunBeforeItStarts() {
    assertThat(load("--fail-if=p99>10")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("p99 is compared with a time such as 500us or 10ms");
    assertThat(cluster.entries).isEmpty();
  }

  @Test
  void aStaleReadDecidesTheExitCode() {
    assertThat(load("--verify", "--reads=0.5")).isEqualTo(ExitCodes.OK);
    assertThat(out.toString(UTF_8)).contains("0 stale, 0 corrupt, 0 missing");
    cluster.staleEvery = 5;
    assertThat(load("--verify", "--reads=0.5", "--fail-if=p99>1us"))
        .isEqualTo(ExitCodes.WRITES_MISSING);
    assertThat(out.toString(UTF_8)).contains("a read of load:");
  }

  @Test
  void aStaleReadIsGraverThanAFileThatCannotBeWritten() {
    cluster.staleEvery = 5;
    assertThat(
            load(
                "--verify",
                "--reads=0.5",
                "--json=" + file("no/such/directory.json"),
                "--write-log=" + file("run.log")))
        .isEqualTo(ExitCodes.WRITES_MISSING);
    assertThat(err.toString(UTF_8)).contains("the result cannot be written to ");
    assertThat(directory.resolve("run.log")).exists();
  }

  @Test
  void aStaleReadAtAnyRateOfASearchDecidesTheExitCode() {
    cluster.staleEvery = 5;
    assertThat(
            load(
                "--find-max",
                "--slo=p99=1us",
                "--rate=40",
                "--reads=0.5",
                "--verify",
                "--output=json"))
        .isEqualTo(ExitCodes.WRITES_MISSING);
    JsonNode search = JsonMapper.shared().readTree(out.toString(UTF_8)).path("search");
    assertThat(search.path("steps"))
        .anySatisfy(step -> assertThat(step.path("wrongReads").asLong()).isPositive());
    assertThat(search.path("objectives"))
        .extracting(JsonNode::asString)
        .containsExactly("p99=1us", "errors=0.1%");
  }

  @Test
  void whatWasAcknowledgedIsFoundAgainLater() {
    assertThat(load("--reads=0.2", "--write-log=" + file("run.log"))).isEqualTo(ExitCodes.OK);
    String[] verify = {"verify", "--master=" + cluster.masterUrl(), file("run.log")};
    assertThat(weir(verify)).isEqualTo(ExitCodes.OK);
    assertThat(out.toString(UTF_8))
        .contains("0 keys do not hold what they must", "read through the caches: 60 intact");
    List<String> withDatabases = new ArrayList<>(List.of(verify));
    withDatabases.addAll(
        List.of("--database", "jdbc:h2:mem:no", "jdbc:h2:mem:no", "jdbc:h2:mem:no"));
    assertThat(weir(withDatabases.toArray(String[]::new))).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("--database takes the database of every shard");
    cluster.entries.remove(Key.of("load:7"));
    assertThat(weir(verify)).isEqualTo(ExitCodes.WRITES_MISSING);
    assertThat(out.toString(UTF_8)).contains("1 missing", "load:7 (missing)");
  }

  @Test
  void whatWasAcknowledgedByTheRedisProtocolIsFoundByIt() {
    try (FakeRedis redis = new FakeRedis()) {
      cluster.fastUrls = List.of(redis.url(), redis.url());
      assertThat(load("--door=redis", "--reads=0.2", "--write-log=" + file("run.log")))
          .isEqualTo(ExitCodes.OK);
      String[] verify = {
        "verify", "--master=" + cluster.masterUrl(), "--door=redis", file("run.log")
      };
      assertThat(weir(verify)).isEqualTo(ExitCodes.OK);
      redis.values.remove(Key.of("load:7"));
      assertThat(weir(verify)).isEqualTo(ExitCodes.WRITES_MISSING);
    }
    assertThat(out.toString(UTF_8)).contains("1 missing", "load:7 (missing)");
  }

  @Test
  void withoutFastPortsTheRedisProtocolIsNotSpoken() {
    assertThat(load("--door=redis")).isEqualTo(ExitCodes.NOT_REACHABLE);
    assertThat(err.toString(UTF_8)).contains("set weir.fast.enabled to true");
    assertThat(load("--door=redis", "--read-from=any")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("--door redis reads from leaders");
  }

  @Test
  void theResultsOfSeveralProcessesBecomeOne() throws IOException {
    assertThat(load("--client-id=1/2", "--json=" + file("1.json"), "--write-log=" + file("1.log")))
        .isEqualTo(ExitCodes.OK);
    assertThat(load("--client-id=2/2", "--json=" + file("2.json"), "--write-log=" + file("2.log")))
        .isEqualTo(ExitCodes.OK);
    assertThat(
            weir(
                "merge",
                file("1.json"),
                file("2.json"),
                "--json",
                file("all.json"),
                "--output=json"))
        .isEqualTo(ExitCodes.OK);
    assertThat(result("all.json").succeeded())
        .isEqualTo(result("1.json").succeeded() + result("2.json").succeeded());
    assertThat(err.toString(UTF_8)).contains("measured together for only 0% of the time");
    JsonNode summary = JsonMapper.shared().readTree(out.toString(UTF_8));
    assertThat(summary.path("settings").path("--client-id").asString()).isEqualTo("1/2, 2/2");
    assertThat(summary.path("settings").path("--clients").asString()).isEqualTo("8");
    assertThat(weir("verify", "--master=" + cluster.masterUrl(), file("1.log"), file("2.log")))
        .isEqualTo(ExitCodes.OK);
    assertThat(weir("merge", file("1.json"), file("1.json"))).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("both of --client-id 1/2");
    assertThat(weir("merge", file("1.json"), file("3.json"))).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString(UTF_8)).contains("weir: " + file("3.json") + " is not there");
  }

  @Test
  void theHighestRateThatKeepsTheObjectiveIsSearched() {
    assertThat(
            load(
                "--find-max",
                "--slo=p99=1us",
                "--rate=8",
                "--output=json",
                "--json=" + file("run.json")))
        .isEqualTo(ExitCodes.THRESHOLD_MISSED);
    JsonNode search = JsonMapper.shared().readTree(out.toString(UTF_8)).path("search");
    assertThat(search.path("ratePerSecond").isNull()).isTrue();
    assertThat(search.path("steps").size()).isEqualTo(4);
    assertThat(search.path("steps").get(3).path("ratePerSecond").asDouble()).isEqualTo(1);
  }
}
