package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class RegistrationTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String SHORT =
      """
      {"nodeId": "cache-1", "host": "10.0.0.7", "port": 7401, "generation": 0, "term": 0,
       "shardId": "3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10"}
      """;

  @Test
  void aShortRequestIsFilledIn() {
    RegistrationRequest request = JSON.readValue(SHORT, RegistrationRequest.class);
    assertThat(request.ranges()).isEmpty();
    assertThat(request.role()).isEqualTo(NodeRole.JOINING);
    assertThat(request.figures()).isNull();
    assertThat(request.url()).isNull();
    assertThat(request.externalUrl()).isNull();
    assertThat(request.fastUrl()).isNull();
    assertThat(request.externalFastUrl()).isNull();
    assertThat(request.cluster()).isNull();
    assertThat(request.shards()).isNull();
    assertThat(request.advertisedUrl()).isEqualTo(URI.create("http://10.0.0.7:7401"));
  }

  @Test
  void aFullRequestComesBack() {
    RegistrationRequest request =
        new RegistrationRequest(
            new NodeId("cache-1"),
            "10.0.0.7",
            7401,
            URI.create("http://cache-1:7401"),
            URI.create("http://localhost:7401"),
            URI.create("http://cache-1:9401"),
            URI.create("http://localhost:9401"),
            ShardId.parse("3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b10"),
            ClusterId.parse("3f2b8c1e-0d7a-4a55-9a53-6d6f0c3a9b12"),
            3,
            List.of(new SlotRange(0, 5460)),
            2,
            2,
            NodeRole.LEADER,
            "cache-1:8401:42",
            new JournalFormats(2, 1),
            new DatabaseServer("3f2b8c1e-0d7a-11f1-9a53-6d6f0c3a9b10"),
            new ServerFigures(
                new ServerFigures.Traffic(1.5, 2.5, 0.75),
                new ServerFigures.Resident(4, 5, 6),
                new ServerFigures.Dirty(7, 8, 9.5),
                new ServerFigures.LossBound(10, 11, 12.5),
                new ServerFigures.Flushed(13.5, 14, 15, 16, 17),
                new ServerFigures.Database(18),
                new ServerFigures.Disk(true),
                new Spared(300.5, 2_000, 21, 10, 40),
                new ServerFigures.Group(0)),
            ShardProof.random());
    String json = JSON.writeValueAsString(request);
    assertThat(json)
        .contains("\"role\":\"leader\"", "\"nodeId\":\"cache-1\"", "\"oldestDirtyAgeSeconds\":9.5");
    assertThat(JSON.readValue(json, RegistrationRequest.class)).isEqualTo(request);
    assertThat(request.advertisedUrl()).isEqualTo(URI.create("http://cache-1:7401"));
  }

  @Test
  void anAnswerComesBack() {
    RegistrationResponse response =
        new RegistrationResponse(
            7,
            ClusterId.random(),
            3,
            ShardId.random(),
            List.of(new SlotRange(0, 5460)),
            NodeRole.LEADER,
            List.of(
                new GroupMember(
                    new NodeId("cache-1"),
                    URI.create("http://127.0.0.1:7401"),
                    NodeRole.REPLICA,
                    NodeState.UP,
                    "127.0.0.1:8401:42",
                    null,
                    new DatabaseServer("0123456789ABCDEFghijklmnopq="))),
            3L,
            6_000,
            2_000);
    assertThat(JSON.readValue(JSON.writeValueAsString(response), RegistrationResponse.class))
        .isEqualTo(response);
  }

  @ParameterizedTest
  @CsvSource({"nodeId", "host", "shardId"})
  void whatIsMissingIsNamed(String name) {
    String without = SHORT.replace("\"" + name + "\"", "\"x\"");
    assertThatThrownBy(() -> JSON.readValue(without, RegistrationRequest.class))
        .isInstanceOf(JacksonException.class)
        .hasMessageContaining(name + " is missing");
  }

  /**
   * To a master of the release before, the addresses of the fast port are names that it ignores.
   */
  @Test
  void aNameThatIsNotKnownIsNoReasonToRefuse() {
    String newer = SHORT.replace("\"term\": 0", "\"term\": 0, \"slowUrl\": \"http://h:1\"");
    assertThat(JSON.readValue(newer, RegistrationRequest.class))
        .isEqualTo(JSON.readValue(SHORT, RegistrationRequest.class));
  }

  /** A server and a master of releases before the one that tells. */
  @Test
  void whoDoesNotTellItsDatabaseServerHasNone() {
    assertThat(JSON.readValue(SHORT, RegistrationRequest.class).databaseServer()).isNull();
    String member =
        """
        {"nodeId": "cache-1", "url": "http://127.0.0.1:7401", "role": "leader", "state": "up",
         "journal": "127.0.0.1:8401:42"}
        """;
    assertThat(JSON.readValue(member, GroupMember.class).databaseServer()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "<b>"})
  void aDatabaseServerOfAnotherFormIsRefused(String name) {
    assertThat(DatabaseServer.isOne(name)).isFalse();
    assertThatThrownBy(() -> new DatabaseServer(name)).hasMessageEndingWith("got '" + name + "'");
    assertThatThrownBy(() -> new DatabaseServer("n".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void formatsThatCannotBeAreRefused() {
    String formats =
        SHORT.replace("\"term\": 0", "\"journalFormats\": {\"reads\": 0, \"writes\": 0}");
    assertThatThrownBy(() -> JSON.readValue(formats, RegistrationRequest.class))
        .hasMessageContaining("'reads' of 1 or more");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_536})
  void aPortThatIsNoneIsRefused(int port) {
    assertThatThrownBy(
            () -> JSON.readValue(SHORT.replace("7401", "" + port), RegistrationRequest.class))
        .hasMessageContaining("port is 1 to 65535, got " + port);
  }

  @Test
  void aNegativeClaimIsRefused() {
    assertThatThrownBy(() ->
            JSON.readValue(SHORT.replace("\"term\": 0", "\"term\": -1"), RegistrationRequest.class))
        .hasMessageContaining("generation and term are not negative, got 0 and -1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Cache-1.x_Y", "7"})
  void aNodeIdIsAPlainName(String name) {
    assertThat(new NodeId(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a b", "a/b", "ä", "a,b"})
  void anyOtherNodeIdIsRefused(String name) {
    assertThatThrownBy(() -> new NodeId(name))
        .hasMessageStartingWith("a node id is 1 to 64 letters, digits, '.', '-' and '_'")
        .hasMessageEndingWith("got '" + name + "'");
  }

  @Test
  void aNodeIdHasAtMost64Characters() {
    assertThat(new NodeId("n".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> new NodeId("n".repeat(65)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"memory, MEMORY", "' Journal ', JOURNAL"})
  void aDurabilityIsReadInAnyCase(String text, Durability durability) {
    assertThat(Durability.parse(text)).isEqualTo(durability);
    assertThat(durability).hasToString(durability.name().toLowerCase(Locale.ROOT));
  }

  @Test
  void anotherDurabilityIsRefused() {
    assertThatThrownBy(() -> Durability.parse("disk"))
        .hasMessage("a durability is 'memory' or 'journal', got 'disk'");
  }
}
