package io.weir.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterTest {

  private static final Installation INSTALLATION =
      new Installation(
          Path.of("/jdk/bin/java"), Path.of("/m.jar"), Path.of("/c.jar"), Path.of("/h2.jar"));

  private static Cluster cluster(Map<String, String> settings, List<String> mysqlUrls) {
    int shards = mysqlUrls.isEmpty() ? 3 : mysqlUrls.size();
    ClusterPlan plan = new ClusterPlan(shards, 1, 7400, settings, mysqlUrls);
    return new Cluster(
        plan, INSTALLATION, Path.of("/data"), "hunter2", Cluster.CacheWiring.STRAIGHT);
  }

  @Test
  void portsFollowTheMasters() {
    assertThat(cluster(Map.of(), List.of()).processes())
        .extracting(ProcessSpec::name, ProcessSpec::port)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("database", 7404),
            org.assertj.core.groups.Tuple.tuple("master", 7400),
            org.assertj.core.groups.Tuple.tuple("cache-1", 7401),
            org.assertj.core.groups.Tuple.tuple("cache-2", 7402),
            org.assertj.core.groups.Tuple.tuple("cache-3", 7403));
  }

  @Test
  void aCacheServerIsToldItsPlaceAndHasAnExplicitHeap() {
    ProcessSpec second = cluster(Map.of(), List.of()).caches().get(1);
    assertThat(second.command())
        .startsWith("/jdk/bin/java", "-Xmx320m", "-XX:+UseSerialGC")
        .contains("-XX:+ExitOnOutOfMemoryError", "-XX:+UseCompactObjectHeaders")
        .containsSubsequence("-jar", "/c.jar", "--server.address=127.0.0.1")
        .contains(
            "--server.port=7402",
            "--weir.node-id=cache-2",
            "--weir.raft.members=1",
            "--weir.fast.enabled=true",
            "--weir.advertise.url=http://127.0.0.1:7402",
            "--weir.master.urls=http://127.0.0.1:7400",
            "--weir.data-dir=/data/cache-2");
    assertThat(second.shard()).isEqualTo(1);
    assertThat(second.environment())
        .containsEntry(
            "WEIR_DATABASE_URL",
            "jdbc:h2:tcp://127.0.0.1:7404/./shard-1;MODE=MySQL;WRITE_DELAY=0;DATABASE_TO_LOWER=TRUE;"
                + "USER=sa;PASSWORD=hunter2");
  }

  @Test
  void settingsReachEveryCacheServerAndTheHeapFollowsTheTable() {
    Cluster cluster =
        cluster(Map.of("weir.cache.max-bytes", "8MiB", "server.address", "0.0.0.0"), List.of());
    for (ProcessSpec cache : cluster.caches()) {
      assertThat(cache.command())
          .contains("-Xmx140m", "--weir.cache.max-bytes=8MiB", "--server.address=0.0.0.0")
          .doesNotContain("--server.address=127.0.0.1", "--weir.cache.max-bytes=128MiB");
    }
    assertThat(cluster.master().command()).doesNotContain("--weir.cache.max-bytes=8MiB");
  }

  @Test
  void aCacheServerListensForHttpForItsGroupAndAtItsFastPort() {
    assertThat(cluster(Map.of(), List.of()).caches().getFirst().listeners())
        .extracting(Listener::port)
        .containsExactly(7401, 8401, 9401);
    assertThat(
            cluster(Map.of("weir.fast.enabled", "false"), List.of())
                .caches()
                .getFirst()
                .listeners())
        .extracting(Listener::port)
        .containsExactly(7401, 8401);
  }

  @Test
  void aStopWaitsForTheDrain() {
    Cluster cluster = cluster(Map.of("weir.write-back.drain-timeout", "5m"), List.of());
    assertThat(cluster.caches().getFirst().stopTimeout())
        .isGreaterThan(java.time.Duration.ofMinutes(5));
  }

  @Test
  void mysqlHoldsTheRowsAndNeverStandsInTheArguments() {
    List<String> urls =
        List.of(
            "jdbc:mysql://h/a?user=u&password=secret", "jdbc:mysql://h/b?user=u&password=secret");
    Cluster cluster = cluster(Map.of(), urls);
    assertThat(cluster.shardUrls()).isEqualTo(urls);
    assertThat(cluster.caches()).extracting(ProcessSpec::jdbcUrl).isEqualTo(urls);
    assertThat(cluster.master().jdbcUrl()).startsWith("jdbc:h2:tcp:");
    assertThat(cluster.processes())
        .allSatisfy(process -> assertThat(process.command().toString()).doesNotContain("secret"))
        .allSatisfy(process -> assertThat(process.toString()).doesNotContain("secret"));
  }

  @Test
  void thePasswordOfItsOwnDatabasesStandsInNoArgument() {
    Cluster cluster = cluster(Map.of(), List.of());
    assertThat(cluster.registryUrl()).endsWith(";USER=sa;PASSWORD=hunter2");
    assertThat(cluster.processes())
        .allSatisfy(process -> assertThat(process.command().toString()).doesNotContain("hunter2"))
        .allSatisfy(process -> assertThat(process.toString()).doesNotContain("hunter2"));
  }

  @Test
  void aWrongPlanIsRefusedWithASentence() {
    refused(0, 7400, Map.of(), List.of(), "--shards is 1 to 64, got 0");
    refused(
        3,
        65_533,
        Map.of(),
        List.of(),
        "--port is 1 to 63531 with --shards 3 and --members 1, got 65533");
    refused(3, 7400, Map.of("server.port", "1"), List.of(), "--set cannot set server.port");
    refused(3, 7400, Map.of("weir.fast.port", "1"), List.of(), "--set cannot set weir.fast.port");
    refused(2, 7400, Map.of(), List.of("jdbc:mysql://h/a"), "--mysql takes one URL for each");
    refused(1, 7400, Map.of(), List.of("jdbc:h2:mem:a"), "URLs that start with jdbc:mysql:");
    refused(
        2,
        7400,
        Map.of(),
        List.of("jdbc:mysql://u:p@h/a", "jdbc:mysql://h/a?user=u"),
        "got twice jdbc:mysql://h/a");
  }

  private static void refused(
      int shards, int port, Map<String, String> settings, List<String> urls, String sentence) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClusterPlan(shards, 1, port, settings, urls))
        .withMessageContaining(sentence);
  }
}
