package io.weir.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClusterFileTest {

  @TempDir Path directory;

  private static ProcessSpec cache() {
    return new ProcessSpec(
        Role.CACHE,
        "cache-1",
        "cache-1",
        "http://127.0.0.1:7401",
        7401,
        9401,
        0,
        "jdbc:mysql://h/a",
        List.of("java"),
        Map.of(),
        Duration.ofSeconds(1));
  }

  private static ProcessSpec database() {
    return new ProcessSpec(
        Role.DATABASE,
        "database",
        null,
        "tcp://127.0.0.1:7402",
        7402,
        null,
        null,
        null,
        List.of("java"),
        Map.of(),
        Duration.ofSeconds(1));
  }

  @Test
  void everyKeyIsThereAndNullWhereItDoesNotApply() throws Exception {
    Path path = directory.resolve("cluster.json");
    ClusterFile file = new ClusterFile(path);
    file.write(List.of());
    assertThat(processes(path)).isEmpty();
    file.write(
        List.of(new ClusterFile.Entry(database(), 7L), new ClusterFile.Entry(cache(), null)));
    JsonNode processes = processes(path);
    assertThat(processes.get(0).toString())
        .isEqualTo(
            "{\"role\":\"database\",\"nodeId\":null,\"url\":\"tcp://127.0.0.1:7402\","
                + "\"fastPort\":null,\"pid\":7,\"shard\":null,\"jdbcUrl\":null}");
    assertThat(processes.get(1).toString())
        .isEqualTo(
            "{\"role\":\"cache\",\"nodeId\":\"cache-1\",\"url\":\"http://127.0.0.1:7401\","
                + "\"fastPort\":9401,\"pid\":null,\"shard\":0,\"jdbcUrl\":\"jdbc:mysql://h/a\"}");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(path);
    }
  }

  private static JsonNode processes(Path path) throws Exception {
    JsonNode document = JsonMapper.shared().readTree(Files.readString(path));
    assertThat(document.propertyNames()).containsExactly("processes");
    return document.path("processes");
  }
}
