package io.weir.lab.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.lab.LabException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real processes: shells that do as they are told. */
class SupervisorTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Process shell = OrphanGuard.shell();
  private final OrphanGuard guard = new OrphanGuard(shell);
  private Supervisor supervisor;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(directory.resolve("logs"));
    PrintStream stream = new PrintStream(err, true, UTF_8);
    Console console = new Console(stream, stream, false);
    supervisor = newSupervisor(console);
  }

  private Supervisor newSupervisor(Console console) {
    return new Supervisor(
        console,
        new ClusterFile(file()),
        guard,
        name -> directory.resolve("logs/" + name + ".log"));
  }

  @AfterEach
  void end() {
    supervisor.close();
    guard.close();
  }

  private Path file() {
    return directory.resolve("cluster.json");
  }

  private static ProcessSpec shell(Role role, String name, String script) {
    return new ProcessSpec(
        role,
        name,
        name,
        "http://127.0.0.1:1",
        1,
        null,
        null,
        null,
        List.of("/bin/sh", "-c", script),
        Map.of("GREETING", "hello"),
        Duration.ofSeconds(20));
  }

  private JsonNode process(int index) throws Exception {
    return JsonMapper.shared().readTree(Files.readString(file())).path("processes").path(index);
  }

  private static long pid(ChildProcess child) {
    return Objects.requireNonNull(child.pid());
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  @Test
  void aProcessThatIsKilledIsStartedAgain() {
    ChildProcess child = supervisor.start(shell(Role.CACHE, "cache-1", "sleep 1000"));
    supervisor.ready(child);
    long first = pid(child);
    kill(first);
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(child.pid()).isNotNull().isNotEqualTo(first);
          assertThat(process(0).path("pid").asLong()).isEqualTo(pid(child));
        });
    assertThat(supervisor.deaths(Role.CACHE)).isEqualTo(1);
    assertThat(err.toString(UTF_8))
        .contains("cache-1 (pid " + first + ") was ended by signal 9; starting it again");
  }

  @Test
  void aProcessThatEndsBeforeItServesHasRefusedAndItsLogSaysWhy() {
    ChildProcess child =
        supervisor.start(shell(Role.MASTER, "master", "echo $GREETING, no way; exit 3"));
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThatThrownBy(() -> supervisor.checkNotRefused(child))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("master refused to start (exit status 3)")
                .hasMessageContaining("hello, no way"));
    assertThat(child.pid()).isNull();
  }

  @Test
  void aProcessThatIsTakenDownStaysDownUntilItIsBroughtBack() throws Exception {
    ChildProcess child = supervisor.start(shell(Role.CACHE, "cache-1", "sleep 1000"));
    supervisor.ready(child);
    long first = pid(child);
    assertThat(supervisor.takeDown("cache-1")).isTrue();
    assertThat(supervisor.takeDown("cache-1")).isFalse();
    assertThat(supervisor.endedWith("cache-1")).isEqualTo(128 + 9);

    supervisor.bringBack("cache-1");
    long second = pid(child);
    assertThat(second).isNotEqualTo(first);
    kill(second);
    await().atMost(LONG).until(() -> child.pid() != null && pid(child) != second);
    assertThat(supervisor.deaths(Role.CACHE)).as("the wanted one is none").isEqualTo(1);
  }

  @Test
  void whatIsTriedOnceAndRefusesIsNotStartedAgain() throws Exception {
    Path door = directory.resolve("door");
    String script =
        "test -e %s && { echo no; exit 3; }; while :; do sleep 0.1; done".formatted(door);
    ChildProcess child = supervisor.start(shell(Role.CACHE, "cache-1", script));
    supervisor.ready(child);
    assertThat(supervisor.takeDown("cache-1")).isTrue();
    Files.createFile(door);
    supervisor.tryOnce("cache-1");
    await().atMost(LONG).until(() -> Integer.valueOf(3).equals(supervisor.endedWith("cache-1")));
    await()
        .during(Duration.ofSeconds(2))
        .until(() -> Integer.valueOf(3).equals(supervisor.endedWith("cache-1")));

    Files.delete(door);
    supervisor.bringBack("cache-1");
    assertThat(child.pid()).isNotNull();
    supervisor.checkNotRefused(child);
  }

  @Test
  void cacheServersStopFirstAndTheDatabaseLast() throws Exception {
    String order = directory.resolve("order").toString();
    for (Role role : List.of(Role.DATABASE, Role.MASTER, Role.CACHE)) {
      supervisor.start(
          shell(
              role,
              role.toString(),
              "trap 'echo %s >> %s; exit 0' TERM; echo up; while :; do sleep 0.1; done"
                  .formatted(role, order)));
      Path log = directory.resolve("logs/" + role + ".log");
      await().atMost(LONG).until(() -> Files.exists(log) && Files.size(log) > 0);
    }
    assertThat(supervisor.stop()).isTrue();
    assertThat(Files.readAllLines(Path.of(order))).containsExactly("cache", "master", "database");
    assertThat(process(0).path("pid").isNull()).isTrue();
  }

  @Test
  void aCacheServerThatCouldNotWriteBackIsReported() throws Exception {
    supervisor.start(
        shell(
            Role.CACHE,
            "cache-1",
            "trap 'echo 5 entries are lost; exit 1' TERM; echo up; while :; do sleep 0.1; done"));
    Path log = directory.resolve("logs/cache-1.log");
    await().atMost(LONG).until(() -> Files.exists(log) && Files.size(log) > 0);
    assertThat(supervisor.stop()).isFalse();
    assertThat(err.toString(UTF_8)).contains("stopped with status 1", "5 entries are lost");
  }

  @Test
  void aChildDoesNotHearTheTerminal() throws Exception {
    ChildProcess child =
        supervisor.start(
            shell(
                Role.CACHE, "cache-1", "kill -INT $$; kill -HUP $$; echo still here; sleep 1000"));
    await()
        .atMost(LONG)
        .until(() -> Files.exists(child.log()) && child.tail().contains("still here"));
  }

  @Test
  void theGuardStopsWhatIsLeftWhenThePipeBreaks() throws Exception {
    ChildProcess child = supervisor.start(shell(Role.CACHE, "cache-1", "sleep 1000"));
    shell.getOutputStream().close();
    await().atMost(LONG).until(() -> child.running() == null);
  }
}
