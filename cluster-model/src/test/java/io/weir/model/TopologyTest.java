package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TopologyTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final ShardId FIRST = ShardId.parse("3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10");
  private static final ShardId SECOND = ShardId.parse("3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b11");

  private static final Topology TOPOLOGY =
      new Topology(
          7,
          HashSlots.COUNT,
          TopologyState.DEGRADED,
          List.of(
              new Shard(
                  FIRST,
                  List.of(new SlotRange(0, 8191)),
                  3,
                  server("cache-1", 7401, NodeState.UP),
                  List.of(server("cache-4", 7404, NodeState.UP))),
              new Shard(
                  SECOND,
                  List.of(new SlotRange(8192, 16383)),
                  1,
                  null,
                  List.of(server("cache-2", 7402, NodeState.DOWN)))),
          List.of(),
          null,
          null);

  private static final String WIRE =
      """
      {"version": 7, "slots": 16384, "state": "degraded",
       "shards": [{"id": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10",
                   "ranges": [{"first": 0, "last": 8191}], "term": 3,
                   "leader": {"nodeId": "cache-1", "url": "http://127.0.0.1:7401", "state": "up"},
                   "replicas": [{"nodeId": "cache-4", "url": "http://127.0.0.1:7404", "state": "up"}]},
                  {"id": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b11",
                   "ranges": [{"first": 8192, "last": 16383}], "term": 1,
                   "leader": null,
                   "replicas": [{"nodeId": "cache-2", "url": "http://127.0.0.1:7402", "state": "down"}]}],
       "spares": []%s}
      """;

  @Test
  void theJsonIsTheOneOfTheArchitecture() {
    assertThat(tree(TOPOLOGY)).isEqualTo(JSON.readTree(WIRE.formatted("")));
  }

  @Test
  void theJsonComesBack() {
    assertThat(JSON.readValue(WIRE.formatted(""), Topology.class)).isEqualTo(TOPOLOGY);
    assertThat(JSON.readValue(JSON.writeValueAsString(TOPOLOGY), Topology.class))
        .isEqualTo(TOPOLOGY);
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() {
    assertThat(JSON.readValue(WIRE.formatted(", \"color\": \"blue\""), Topology.class))
        .isEqualTo(TOPOLOGY);
  }

  @Test
  void theLocationOfAKeyNamesSlotShardAndUrl() {
    Topology located = TOPOLOGY.withKey(Key.of("bar"));
    assertThat(tree(located))
        .isEqualTo(
            JSON.readTree(
                WIRE.formatted(
                    """
                    , "key": {"key": "bar", "slot": 5061,
                              "shard": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10",
                              "url": "http://127.0.0.1:7401"}\
                    """)));
    assertThat(JSON.readValue(JSON.writeValueAsString(located), Topology.class)).isEqualTo(located);
  }

  @Test
  void theLocationOfAKeyWithoutALeaderHasNoUrl() {
    assertThat(tree(TOPOLOGY.withKey(Key.of("user:1"))).get("key"))
        .isEqualTo(
            JSON.readTree(
                """
                {"key": "user:1", "slot": 10778,
                 "shard": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b11", "url": null}\
                """));
  }

  @Test
  void theLocationOfAKeyWhoseLeaderIsDownHasNoUrl() {
    Shard shard =
        new Shard(
            ShardId.random(),
            List.of(new SlotRange(0, HashSlots.COUNT - 1)),
            3,
            server("cache-1", 7401, NodeState.DOWN),
            List.of());
    Topology down =
        new Topology(
            7, HashSlots.COUNT, TopologyState.DEGRADED, List.of(shard), List.of(), null, null);
    assertThat(down.withKey(Key.of("bar")).key())
        .isEqualTo(new KeyLocation("bar", 5061, shard.id(), null));
  }

  @Test
  void aKeyOfAFormingClusterIsNobodys() {
    Topology forming =
        new Topology(0, HashSlots.COUNT, TopologyState.FORMING, List.of(), List.of(), null, null);
    assertThat(forming.withKey(Key.of("bar")).key())
        .isEqualTo(new KeyLocation("bar", 5061, null, null));
    assertThat(tree(forming.withKey(Key.of("bar"))).get("key"))
        .isEqualTo(
            JSON.readTree("{\"key\": \"bar\", \"slot\": 5061, \"shard\": null, \"url\": null}"));
  }

  @Test
  void theOwnerOfASlotIsTheShardWhoseRangeHoldsIt() {
    assertThat(TOPOLOGY.ownerOf(8191)).isEqualTo(TOPOLOGY.shards().getFirst());
    assertThat(TOPOLOGY.ownerOf(8192)).isEqualTo(TOPOLOGY.shards().getLast());
  }

  private static JsonNode tree(Topology topology) {
    return JSON.readTree(JSON.writeValueAsString(topology));
  }

  /** Of the release before, and to it. */
  @Test
  void aServerWithoutAFastPortIsListedAsBefore() {
    String before =
        """
        {"nodeId":"a","url":"http://127.0.0.1:7401","state":"up"}\
        """;
    ListedServer read = JSON.readValue(before, ListedServer.class);
    assertThat(read).isEqualTo(server("a", 7401, NodeState.UP));
    assertThat(read.fastUrl()).isNull();
    assertThat(JSON.writeValueAsString(read)).isEqualTo(before);
  }

  @Test
  void theFastPortIsListedBesideTheUrl() {
    ListedServer fast =
        new ListedServer(
            new NodeId("a"),
            URI.create("http://a:7401"),
            NodeState.UP,
            URI.create("http://a:9401"));
    String json = JSON.writeValueAsString(fast);
    assertThat(json).contains("\"fastUrl\":\"http://a:9401\"");
    assertThat(JSON.readValue(json, ListedServer.class)).isEqualTo(fast);
  }

  private static ListedServer server(String node, int port, NodeState state) {
    return new ListedServer(new NodeId(node), URI.create("http://127.0.0.1:" + port), state);
  }
}
