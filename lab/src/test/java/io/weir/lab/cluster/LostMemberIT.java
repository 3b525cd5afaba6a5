package io.weir.lab.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A group of three real processes under a client that never stops writing, and nothing of it
 * written back: what is read in the end is what the journals of the members kept.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(900)
class LostMemberIT {

  private static final int MEMBERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The fewest writes that must have been acknowledged before something is done to the group. */
  private static final int SOME = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConcurrentHashMap<Key, String> acknowledged = new ConcurrentHashMap<>();
  private LocalCluster cluster;
  private WeirClient client;
  private WeirClient reader;
  private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
  private int next;

  @BeforeAll
  void start(@TempDir Path directory) throws InterruptedException {
    System.setProperty("weir.home", Path.of("..").toAbsolutePath().normalize().toString());
    cluster =
        new LocalCluster(
            new ClusterPlan(
                1,
                MEMBERS,
                FreePorts.first(MEMBERS + 2),
                Map.of(
                    "weir.raft.election-timeout", "600ms",
                    "weir.raft.forget-after", "6s",
                    "weir.write-back.max-age", "1h",
                    "springdoc.api-docs.enabled", "false",
                    "springdoc.swagger-ui.enabled", "false"),
                List.of()),
            directory,
            new QuickStart(),
            new Console(System.out, System.err, false));
    cluster.start();
    client =
        WeirClient.builder()
            .master(cluster.masterUrl())
            .deadline(Duration.ofSeconds(10))
            .readTimeout(Duration.ofSeconds(1))
            .build();
    reader = WeirClient.builder().master(cluster.masterUrl()).deadline(PATIENCE).build();
    var _ = writer.scheduleWithFixedDelay(this::write, 0, 20, TimeUnit.MILLISECONDS);
  }

  @AfterAll
  void stop() throws InterruptedException {
    writer.shutdown();
    boolean _ = writer.awaitTermination(2, TimeUnit.MINUTES);
    if (client != null) {
      client.close();
    }
    if (reader != null) {
      reader.close();
    }
    if (cluster != null) {
      cluster.close();
    }
    http.close();
    System.clearProperty("weir.home");
  }

  @Test
  void aLeaderWhoseDiskIsWipedComesBackAsANewMemberAndNothingIsLost() throws Exception {
    String wiped = wholeGroup();
    String before = raft(wiped).path("self").asString();

    // Asleep, it cannot find its files gone before it dies.
    assertThat(cluster.signal(wiped, "STOP")).isTrue();
    delete(cluster.directory().resolve(wiped));
    assertThat(cluster.signal(wiped, "KILL")).isTrue();

    await().atMost(PATIENCE).until(() -> !List.of("", before).contains(selfOf(wiped)));
    String after = selfOf(wiped);
    assertThat(withoutIncarnation(after)).isEqualTo(withoutIncarnation(before));
    awaitLeaderOtherThan(
        wiped,
        members ->
            members.size() == MEMBERS && members.contains(after) && !members.contains(before));
    cluster.awaitServing();
    await().atMost(PATIENCE).until(() -> listedAsUp().contains(cluster.urlOf(wiped)));
    assertNothingIsLost(wiped);
  }

  @Test
  void aMemberThatIsGoneForLongIsRemovedAndAddedAgainWhenItReturns() throws Exception {
    String gone = wholeGroup();
    String member = raft(gone).path("self").asString();

    assertThat(cluster.signal(gone, "STOP")).isTrue();
    awaitLeaderOtherThan(
        gone, members -> members.size() == MEMBERS - 1 && !members.contains(member));
    await().atMost(PATIENCE).until(() -> !recordedMembers().contains(member));
    await().atMost(PATIENCE).until(() -> !listedAsUp().contains(cluster.urlOf(gone)));
    int then = acknowledged.size();
    await().atMost(PATIENCE).until(() -> acknowledged.size() > then + SOME);

    assertThat(cluster.signal(gone, "CONT")).isTrue();
    // What it says itself may be what it was before it slept: a leader of three.
    awaitLeaderOtherThan(gone, members -> members.size() == MEMBERS && members.contains(member));
    cluster.awaitServing();
    assertNothingIsLost(gone);
  }

  /** Waits until all serve and some is written; returns the leader. */
  private String wholeGroup() throws Exception {
    cluster.awaitServing();
    String leader = awaitLeaderOtherThan("", members -> members.size() == MEMBERS);
    int then = acknowledged.size();
    await().atMost(PATIENCE).until(() -> acknowledged.size() > then + SOME);
    return leader;
  }

  /** Waits until a server other than this leads members such as these, all of them alive. */
  private String awaitLeaderOtherThan(String other, Predicate<Set<String>> such) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                cluster.cacheServers(0).stream()
                    .filter(server -> !server.equals(other))
                    .filter(server -> {
                      JsonNode group = raft(server);
                      Set<String> members = texts(group.path("members"));
                      return group.path("role").asString("").equals("leader")
                          && such.test(members)
                          && texts(group.path("alive")).equals(members);
                    })
                    .findFirst()
                    .orElse(""),
            leader -> !leader.isEmpty());
  }

  /** Every acknowledged write is read at the leader, and at a member that has caught up. */
  private void assertNothingIsLost(String member) throws Exception {
    Map<Key, String> expected = Map.copyOf(acknowledged);
    assertThat(expected).hasSizeGreaterThan(SOME);
    for (Map.Entry<Key, String> each : expected.entrySet()) {
      assertThat(reader.get(each.getKey()).orElseThrow().value())
          .asString(UTF_8)
          .isEqualTo(each.getValue());
      HttpRequest request =
          request(cluster.urlOf(member) + KeyPath.of(each.getKey()))
              .header("Weir-Consistency", "linearizable")
              .build();
      // While the group elects, a member answers 503. Each key is asked for without a pause first.
      HttpResponse<String> read =
          await()
              .pollDelay(Duration.ZERO)
              .atMost(PATIENCE)
              .ignoreExceptionsInstanceOf(IOException.class)
              .until(
                  () -> http.send(request, HttpResponse.BodyHandlers.ofString()),
                  answer -> answer.statusCode() != 503);
      assertThat(read.statusCode()).as("%s at %s", each.getKey(), member).isEqualTo(200);
      assertThat(read.body()).isEqualTo(each.getValue());
    }
    assertThat(query("SELECT COUNT(*) FROM kv")).as("rows written back").isEqualTo("0");
  }

  private void write() {
    Key key = Key.of("key:" + next);
    String value = "value " + next++;
    try {
      client.put(key, value.getBytes(UTF_8));
      acknowledged.put(key, value);
    } catch (WeirException e) {
      // Not acknowledged: nothing is promised.
    }
  }

  private String selfOf(String server) {
    return raft(server).path("self").asString("");
  }

  private static String withoutIncarnation(String member) {
    return member.substring(0, member.lastIndexOf(':'));
  }

  /** What a server says of the group; an empty object when it does not answer. */
  private JsonNode raft(String server) {
    try {
      HttpResponse<String> answer =
          http.send(
              request(cluster.urlOf(server) + "/actuator/raft").build(),
              HttpResponse.BodyHandlers.ofString());
      return JsonMapper.shared().readTree(answer.body());
    } catch (IOException e) {
      return JsonMapper.shared().createObjectNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5));
  }

  private List<String> listedAsUp() {
    Shard shard = client.refresh().topology().shards().getFirst();
    return Stream.concat(Stream.ofNullable(shard.leader()), shard.replicas().stream())
        .filter(member -> member.state() == NodeState.UP)
        .map(member -> member.url().toString())
        .toList();
  }

  private String recordedMembers() throws SQLException {
    return query("SELECT members FROM shard");
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(cluster.shardUrls().getFirst());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Set<String> texts(JsonNode array) {
    return array.values().stream().map(JsonNode::asString).collect(Collectors.toSet());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A start counts more here than what the best code would gain after it. */
  private static final class QuickStart implements Cluster.CacheWiring {

    @Override
    public String jdbcUrl(int cache, String url) {
      return url;
    }

    @Override
    public Map<String, String> settings(int cache) {
      return Map.of();
    }

    @Override
    public List<Listener> listeners(int cache) {
      return List.of();
    }

    @Override
    public List<String> jvmOptions() {
      return List.of("-XX:TieredStopAtLevel=1");
    }

    @Override
    public List<Path> classPath() {
      return List.of();
    }
  }
}
