package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SparedTest {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private static final ShardId SHARD = ShardId.random();

  @Test
  void whatAThousandWritesCostIsARatio() {
    Spared spared = new Spared(300, 2_000, 500, 8, 60);
    assertThat(spared.statementsPerThousandWrites()).isEqualTo(30);
    assertThat(spared.commitsPerThousandWrites()).isEqualTo(4);
    assertThat(spared.rowsPerCommit()).isEqualTo(62.5);
  }

  @Test
  void nothingWrittenHasNoRatio() {
    Spared idle = new Spared(300, 0, 0, 0, 0);
    assertThat(idle.tells()).isTrue();
    assertThat(idle.statementsPerThousandWrites()).isNull();
    assertThat(idle.commitsPerThousandWrites()).isNull();
    assertThat(idle.rowsPerCommit()).isNull();
    assertThat(Spared.UNTOLD.tells()).isFalse();
  }

  @Test
  void theClustersAreThoseOfTheServersThatAreUpTogether() {
    ClusterStatus status =
        status(
            server("a", NodeState.UP, new Spared(40, 1_000, 100, 5, 20)),
            server("b", NodeState.UP, new Spared(305, 3_000, 300, 7, 20)),
            server("c", NodeState.UP, null),
            server("d", NodeState.DOWN, new Spared(900, 9_000, 900, 90, 900)));
    assertThat(status.spared()).isEqualTo(new Spared(305, 4_000, 400, 12, 40));
  }

  @Test
  void aStatusTellsThemAndOneWithoutThemIsRead() {
    ClusterStatus status = status(server("a", NodeState.UP, new Spared(305, 1_000, 100, 5, 20)));
    JsonNode json = JSON.readTree(JSON.writeValueAsString(status));
    assertThat(json.path("recentStatements").asInt()).isEqualTo(20);
    assertThat(json.path("recentStatementsPerThousandWrites").asDouble()).isEqualTo(20);
    assertThat(json.at("/servers/0/figures/recentRowsPerCommit").asDouble()).isEqualTo(20);
    assertThat(JSON.readValue(json.toString(), ClusterStatus.class)).isEqualTo(status);
    String older = json.toString().replaceAll(",\"recent\\w+\":[^,}]+", "");
    assertThat(older).doesNotContain("recent");
    assertThat(JSON.readValue(older, ClusterStatus.class).spared()).isEqualTo(Spared.UNTOLD);
  }

  private static ClusterStatus status(ServerStatus... servers) {
    return new ClusterStatus(
        null, TopologyState.SERVING, null, 1, Instant.EPOCH, 16_384, List.of(servers), List.of());
  }

  private static ServerStatus server(String name, NodeState state, @Nullable Spared spared) {
    ServerFigures none = ServerFigures.NONE;
    return new ServerStatus(
        new NodeId(name),
        URI.create("http://" + name),
        null,
        SHARD,
        List.of(),
        ServerRole.LEADER,
        state,
        1,
        0.5,
        null,
        null,
        spared == null
            ? null
            : new ServerFigures(
                none.traffic(),
                none.resident(),
                none.dirty(),
                none.lossBound(),
                none.flushed(),
                none.database(),
                none.disk(),
                spared,
                new ServerFigures.Group(0)));
  }
}
