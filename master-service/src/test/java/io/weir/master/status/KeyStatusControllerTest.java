package io.weir.master.status;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import io.weir.master.registry.InMemoryRegistryConfiguration;
import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

@WebMvcTest(controllers = KeyStatusController.class)
@Import({InMemoryRegistryConfiguration.class, StatusConfiguration.class})
@ImportAutoConfiguration(SslAutoConfiguration.class)
@EnableConfigurationProperties(CacheAccessSettings.class)
class KeyStatusControllerTest {

  @TempDir private static Path directory;

  @Autowired private MockMvcTester mvc;
  @Autowired private Registry registry;
  @Autowired private RegistryFixture fixture;
  private FakeCacheServer owner;

  @DynamicPropertySource
  static void token(DynamicPropertyRegistry properties) {
    properties.add("weir.master.cache-token-file", () -> directory.resolve("token"));
  }

  @BeforeEach
  void start() throws IOException {
    fixture.reset();
    owner = FakeCacheServer.start();
    Files.writeString(directory.resolve("token"), "first\n");
    registry.register(node("cache-1").of(shard(1)).at(owner.port()).leading(1, 1));
  }

  @AfterEach
  void stop() {
    owner.close();
  }

  @Test
  void theOwnerTellsOfTheEntry() {
    owner.answers(
        200,
        Map.of(
            "ETag", "\"77\"",
            "Content-Type", "text/plain",
            "Content-Length", "5",
            "Cache-Status", "weir; hit"));
    assertThat(lookUp("b/../c d"))
        .bodyJson()
        .isEqualTo(
            """
            {"key": "b/../c d", "slot": 8169, "shard": "%s", "nodeId": "cache-1", "problem": null,
             "entry": {"found": true, "etag": "\\"77\\"", "contentType": "text/plain", "size": 5,
                       "cacheStatus": "weir; hit"}}\
            """
                .formatted(shard(1)),
            JsonCompareMode.LENIENT);
    assertThat(owner.requests()).containsExactly("HEAD /kv/b/%2E%2E/c%20d Bearer first");
  }

  @Test
  void anEntryThatIsNotThereIsSaidToBe() {
    owner.answers(404, Map.of("Cache-Status", "weir; fwd=miss; stored"));
    assertThat(lookUp("b"))
        .bodyJson()
        .isEqualTo(
            """
            {"problem": null, "entry": {"found": false, "etag": null, "contentType": null,
             "size": null, "cacheStatus": "weir; fwd=miss; stored"}}\
            """,
            JsonCompareMode.LENIENT);
  }

  @Test
  void aTokenThatIsReplacedIsPresentedAtOnce() throws IOException {
    lookUp("b");
    Files.writeString(directory.resolve("token"), "second");
    lookUp("b");
    assertThat(owner.requests())
        .containsExactly("HEAD /kv/b Bearer first", "HEAD /kv/b Bearer second");
  }

  @ParameterizedTest
  @CsvSource({
    "401,Node cache-1 refuses this master with 401: weir.master.cache-token-file must hold",
    "403,Node cache-1 refuses this master with 403: weir.master.cache-token-file must hold",
    "421,Node cache-1 does not own the key any more; look again.",
    "503,Node cache-1 answered 503.",
    "307,Node cache-1 answered 307."
  })
  void anAnswerThatSaysNothingOfTheKeyIsExplained(int status, String sentence) {
    owner.answers(status, Map.of("Location", "http://127.0.0.1:1/"));
    assertThat(problemOf("b")).startsWith(sentence);
  }

  @Test
  void anOwnerThatDoesNotAnswerIsNamed() {
    owner.close();
    assertThat(problemOf("b"))
        .isEqualTo(
            "Node cache-1 at http://127.0.0.1:"
                + owner.port()
                + " does not answer: the connection is refused.");
  }

  @Test
  void aTokenFileThatHoldsNoTokenIsNamedAndNotItsContent() throws IOException {
    Files.writeString(directory.resolve("token"), "two words");
    assertThat(problemOf("b"))
        .contains("token-file, ", "does not hold one token")
        .doesNotContain("two words");
    Files.delete(directory.resolve("token"));
    assertThat(problemOf("b")).contains("token-file, ", "cannot be read");
    assertThat(owner.requests()).isEmpty();
  }

  @Test
  void aSlotWithoutAnOwnerIsExplained() {
    fixture.reset();
    assertThat(problemOf("b")).isEqualTo("No shard owns this slot yet: the cluster is forming.");
    registry.register(node("cache-1").of(shard(1)).replicating(1, 1));
    assertThat(problemOf("b")).isEqualTo("The shard has no leader that is up.");
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    assertThat(lookUp("")).hasStatus(400);
    assertThat(lookUp("x".repeat(513))).hasStatus(400);
    assertThat(mvc.get().uri("/status/keys")).hasStatus(400);
  }

  private String problemOf(String key) {
    MvcTestResult answer = lookUp(key);
    assertThat(answer).hasStatusOk().bodyJson().extractingPath("$.entry").isNull();
    try {
      return JsonPath.read(answer.getResponse().getContentAsString(), "$.problem");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private MvcTestResult lookUp(String key) {
    return mvc.get().uri("/status/keys").param("key", key).exchange();
  }
}
