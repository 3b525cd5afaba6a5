package io.weir.master.registration;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.registry.InMemoryRegistryConfiguration;
import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@WebMvcTest(RegistrationController.class)
@Import(InMemoryRegistryConfiguration.class)
class RegistrationControllerTest {

  @Autowired private MockMvcTester mvc;
  @Autowired private Registry registry;
  @Autowired private RegistryFixture fixture;

  @BeforeEach
  void reset() {
    fixture.reset();
  }

  @Test
  void aShortRegistrationIsEnough() {
    assertThat(
            post(
                """
                {"nodeId": "a", "host": "10.0.0.1", "port": 7401, "shardId": "%s"}\
                """
                    .formatted(shard(1))))
        .hasStatusOk()
        .bodyJson()
        .isLenientlyEqualTo(
            """
            {"topologyVersion": 1, "shards": 2, "slotRanges": [{"first": 0, "last": 8191}],
             "role": "joining", "leaseMillis": 6000, "heartbeatMillis": 2000,
             "members": [{"nodeId": "a", "url": "http://10.0.0.1:7401", "state": "up"}]}\
            """);
  }

  @Test
  void aConflictNamesTheHolder() {
    registry.register(node("a").leading(2, 1));
    assertThat(
            post(
                """
                {"nodeId": "b", "host": "h", "port": 1, "shardId": "%s", "role": "leader"}\
                """
                    .formatted(shard(1))))
        .hasStatus(409)
        .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
        .bodyJson()
        .isLenientlyEqualTo(
            """
            {"type": "urn:weir:problem:shard-conflict", "status": 409, "node": "a",
             "url": "http://127.0.0.1:7401"}\
            """)
        .extractingPath("$.detail")
        .asString()
        .contains("founded anew");
  }

  /** So that a founding over an older copy of the shard's database goes above it. */
  @Test
  void aServerIsToldTheLargestGenerationThatItsShardWasLedIn() {
    registry.register(node("a").leading(2, 1));
    assertThat(
            post(
                """
                {"nodeId": "b", "host": "h", "port": 1, "shardId": "%s"}\
                """
                    .formatted(shard(1))))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.claimedGeneration")
        .isEqualTo(2);
  }

  @Test
  void whoCannotReadTheJournalOfItsGroupIsListedAndRefused() {
    registry.register(node("a").journalAt("127.0.0.1:8401:7").formats(2, 2).leading(1, 1));
    assertThat(
            post(
                """
                {"nodeId": "b", "host": "h", "port": 1, "shardId": "%s", "role": "joining",
                 "journal": "h:8402:9"}\
                """
                    .formatted(shard(1))))
        .hasStatus(409)
        .bodyJson()
        .extractingPath("$.detail")
        .asString()
        .contains("Node b reads journal format 1", "start a version of Weir there that reads");
    assertThat(registry.current().nodes()).hasSize(2);
  }

  /** One that tells, and one of a release that does not. */
  @Test
  void theServersOfAShardAreToldWhichDatabaseServerTheOthersSee() {
    registry.register(node("a").journalAt("127.0.0.1:8401:7").seeing("0f-1").leading(1, 1));
    assertThat(
            post(
                """
                {"nodeId": "b", "host": "h", "port": 1, "shardId": "%s", "role": "joining",
                 "journal": "h:8402:9"}\
                """
                    .formatted(shard(1))))
        .hasStatusOk()
        .bodyJson()
        .extractingPath("$.members[*].databaseServer")
        .asArray()
        .containsExactly("0f-1", null);
  }

  @Test
  void theServersOfAShardAreToldOfEachOther() {
    registry.register(node("a").journalAt("127.0.0.1:8401:7").leading(1, 1));
    assertThat(
            post(
                """
                {"nodeId": "b", "host": "h", "port": 1, "shardId": "%s", "role": "joining",
                 "journal": "h:8402:9"}\
                """
                    .formatted(shard(1))))
        .hasStatus(200)
        .bodyJson()
        .extractingPath("$.members[*].journal")
        .asArray()
        .containsExactly("127.0.0.1:8401:7", "h:8402:9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{|no registration",
        "{}|nodeId is missing",
        "null|The body is null",
        "{`nodeId`: `a b`}|a node id is",
        "{`nodeId`: `a`, `host`: `h`, `port`: 0, `shardId`: `ID`}|port is 1 to 65535",
        "{`nodeId`: `a`, `host`: `h h`, `port`: 1, `shardId`: `ID`}|host 'h h' makes no URL",
        "{`nodeId`: `a`, `host`: `h`, `port`: 1, `shardId`: `ID`, `url`: `ftp://h`}|url is an http",
        "{`nodeId`: `a`, `host`: `h`, `port`: 1, `shardId`: `ID`, `url`: `http://h/`}|url is an http",
        "{`nodeId`: `a`, `host`: `h`, `port`: 1, `shardId`: `ID`, `shards`: 0}|shards is 1 to 16384",
        "{`nodeId`: `a`, `host`: `h`, `port`: 1, `shardId`: `ID`, `ranges`: [{`first`:0,`last`:1}]}|without the cluster",
      })
  void whatIsNoRegistrationIsSaidInASentence(String body, String sentence) {
    String json = body.replace('`', '"').replace("ID", shard(1).toString());
    assertThat(post(json))
        .hasStatus(400)
        .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
        .bodyText()
        .contains("urn:weir:problem:bad-request")
        .contains(sentence);
  }

  @Test
  void aLoopbackUrlIsTakenFromThisMachineAlone() {
    String json =
        "{\"nodeId\": \"a\", \"host\": \"127.0.1.1\", \"port\": 7401, \"shardId\": \""
            + shard(1)
            + "\"}";
    assertThat(
            mvc.post()
                .uri("/register")
                .with(request -> {
                  request.setRemoteAddr("192.0.2.7");
                  return request;
                })
                .contentType(MediaType.APPLICATION_JSON)
                .content(json))
        .hasStatus(400)
        .bodyText()
        .contains("http://127.0.1.1:7401", "comes from 192.0.2.7", "weir.advertise.url");
    assertThat(registry.current().nodes()).isEmpty();
    assertThat(post(json)).hasStatusOk();
  }

  @Test
  void soIsAFastPortOnLoopback() {
    String json =
        "{\"nodeId\": \"a\", \"host\": \"192.0.2.7\", \"port\": 7401, \"shardId\": \""
            + shard(1)
            + "\", \"fastUrl\": \"http://127.0.0.1:9401\"}";
    assertThat(
            mvc.post()
                .uri("/register")
                .with(request -> {
                  request.setRemoteAddr("192.0.2.7");
                  return request;
                })
                .contentType(MediaType.APPLICATION_JSON)
                .content(json))
        .hasStatus(400)
        .bodyText()
        .contains("fastUrl is http://127.0.0.1:9401", "weir.advertise.fast-url");
    assertThat(registry.current().nodes()).isEmpty();
    assertThat(post(json)).hasStatusOk();
    assertThat(registry.current().nodes().getFirst().fastUrl())
        .hasToString("http://127.0.0.1:9401");
  }

  @Test
  void aFastUrlThatIsNoneIsRefused() {
    String json =
        "{\"nodeId\": \"a\", \"host\": \"h\", \"port\": 7401, \"shardId\": \""
            + shard(1)
            + "\", \"fastUrl\": \"redis://h:9401\"}";
    assertThat(post(json))
        .hasStatus(400)
        .bodyText()
        .contains("fastUrl is an http or https URL", "redis://h:9401");
  }

  @Test
  void aNameWithAnUnderscoreIsTaken() {
    assertThat(
            post(
                "{\"nodeId\": \"a\", \"host\": \"cache_1\", \"port\": 7401, \"shardId\": \""
                    + shard(1)
                    + "\"}"))
        .hasStatusOk()
        .bodyText()
        .contains("http://cache_1:7401");
  }

  @Test
  void aBodyThatIsTooLargeIsNotRead() {
    assertThat(post("{\"nodeId\": \"" + "a".repeat(70_000) + "\"}")).hasStatus(413);
  }

  @Test
  void anotherMediaTypeIsRefused() {
    assertThat(mvc.post().uri("/register").contentType(MediaType.TEXT_PLAIN).content("x"))
        .hasStatus(415)
        .hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  @Test
  void aNodeTakesItsLeaveOnceOrMoreOften() {
    registry.register(node("a").leading(1, 1));
    assertThat(mvc.delete().uri("/register/a")).hasStatus(204);
    assertThat(registry.current().nodes()).isEmpty();
    assertThat(mvc.delete().uri("/register/a")).hasStatus(204);
    assertThat(mvc.delete().uri("/register/-")).hasStatus(400);
  }

  private MvcTestResult post(String json) {
    return mvc.post()
        .uri("/register")
        .contentType(MediaType.APPLICATION_JSON)
        .content(json)
        .exchange();
  }
}
