package io.weir.master.topology;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.master.registry.InMemoryRegistryConfiguration;
import io.weir.master.registry.Network;
import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryFixture;
import io.weir.model.Gzip;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.json.JsonMapper;

@WebMvcTest(
    controllers = CachesController.class,
    properties = "weir.master.watch.poll-interval=20ms")
@Import({InMemoryRegistryConfiguration.class, TopologyConfiguration.class})
@EnableConfigurationProperties(WatchSettings.class)
class CachesControllerTest {

  @Autowired private MockMvcTester mvc;
  @Autowired private Registry registry;
  @Autowired private RegistryFixture fixture;
  @Autowired private TopologyWatch watch;

  @BeforeEach
  void reset() {
    fixture.reset();
  }

  @Test
  void theListIsAsTheClientsExpectIt() {
    registry.register(node("cache-1").leading(1, 3));
    assertThat(get("/caches"))
        .hasStatusOk()
        .hasHeader("ETag", "\"1\"")
        .hasHeader("Weir-Topology-Version", "1")
        .bodyJson()
        .isStrictlyEqualTo(
            """
            {"version": 1, "slots": 16384, "state": "forming",
             "shards": [{"id": "%s", "ranges": [{"first": 0, "last": 8191}], "term": 3,
                         "leader": {"nodeId": "cache-1", "url": "http://127.0.0.1:7401", "state": "up"},
                         "replicas": []}],
             "spares": []}\
            """
                .formatted(shard(1)));
  }

  @Test
  void aFastPortIsListedForThoseWhoReachIt() {
    registry.register(
        node("cache-1")
            .fastAt("http://cache-1:9401")
            .fastOutsideAt("http://outside:9401")
            .leading(1, 3));
    assertFastUrl("internal", "http://cache-1:9401");
    assertFastUrl("external", "http://outside:9401");
    registry.register(node("cache-1").fastAt("http://cache-1:9401").leading(1, 3));
    assertFastUrl("external", "http://cache-1:9401");
  }

  /** It has an address of its own there, and of the fast port nobody has said one. */
  @Test
  void fromOutsideAServerHasNoFastPortUnlessItSaysSo() {
    registry.register(
        node("cache-1")
            .outsideAt("http://outside:7401")
            .fastAt("http://cache-1:9401")
            .leading(1, 3));
    assertThat(get("/caches?network=external"))
        .bodyText()
        .contains("http://outside:7401")
        .doesNotContain("fastUrl");
    assertFastUrl("internal", "http://cache-1:9401");
    registry.register(
        node("cache-1")
            .outsideAt("http://outside:7401")
            .fastAt("http://cache-1:9401")
            .fastOutsideAt("http://outside:9401")
            .leading(1, 3));
    assertFastUrl("external", "http://outside:9401");
  }

  private void assertFastUrl(String network, String url) {
    assertThat(get("/caches?network=" + network))
        .bodyJson()
        .extractingPath("$.shards[0].leader.fastUrl")
        .isEqualTo(url);
  }

  @Test
  void aShardWithoutALeaderSaysNull() {
    registry.register(node("cache-1").joining());
    assertThat(get("/caches")).bodyText().contains("\"leader\":null");
  }

  @Test
  void aRegistryWhoseRowsAreGoneIsSaidToBeSo() {
    fixture.deleteRows();
    try {
      assertThat(get("/caches"))
          .hasStatus(503)
          .containsHeader("Retry-After")
          .bodyText()
          .contains("the one row of its table `registry` is gone");
    } finally {
      fixture.restoreRow();
    }
  }

  @Test
  void aKeyIsLocated() {
    registry.register(node("a").of(shard(1)).leading(1, 1));
    registry.register(node("b").of(shard(2)).at(7402).leading(1, 1));
    assertThat(get("/caches?key=user:1"))
        .bodyJson()
        .extractingPath("$.key")
        .convertTo(String.class)
        .satisfies(text ->
            assertThat(text)
                .contains("user:1", "10778", shard(2).toString(), "http://127.0.0.1:7402"));
  }

  @Test
  void whatIsKnownAlreadyIsNotSentAgain() {
    registry.register(node("a").leading(1, 1));
    for (String known : new String[] {"\"1\"", "W/\"1\"", "\"0\", \"1\"", "*"}) {
      assertThat(mvc.get().uri("/caches").header("If-None-Match", known))
          .hasStatus(304)
          .hasHeader("ETag", "\"1\"");
    }
    assertThat(mvc.get().uri("/caches").header("If-None-Match", "\"0\"")).hasStatusOk();
  }

  @Test
  void theListIsPackedForWhoAsksForIt() throws Exception {
    registry.register(node("cache-1").leading(1, 3));
    String plain = get("/caches").getResponse().getContentAsString();
    for (String asked : new String[] {"gzip", "br, GZIP;q=0.5", "identity,gzip"}) {
      MvcTestResult packed = mvc.get().uri("/caches").header("Accept-Encoding", asked).exchange();
      assertThat(packed)
          .hasHeader("Content-Encoding", "gzip")
          .hasHeader("Vary", "Accept-Encoding")
          .hasHeader("ETag", "W/\"1\"")
          .hasContentType(MediaType.APPLICATION_JSON);
      assertThat(Gzip.unpack(packed.getResponse().getContentAsByteArray(), 10_000))
          .isEqualTo(plain.getBytes(StandardCharsets.UTF_8));
    }
    for (String asked : new String[] {"identity", "gzip;q=0", "gzip; q=0.0", "x-gzip"}) {
      assertThat(mvc.get().uri("/caches").header("Accept-Encoding", asked))
          .doesNotContainHeader("Content-Encoding")
          .hasHeader("Vary", "Accept-Encoding")
          .hasHeader("ETag", "\"1\"");
    }
  }

  @Test
  void oneBodyIsMadeForAState() {
    registry.register(node("cache-1").leading(1, 3));
    TopologyDocuments documents = new TopologyDocuments(JsonMapper.shared());
    TopologyDocuments.Document made = documents.of(registry.current(), Network.INTERNAL, null);
    assertThat(documents.of(registry.current(), Network.INTERNAL, null)).isSameAs(made);
    assertThat(documents.of(registry.current(), Network.EXTERNAL, null)).isNotSameAs(made);
    assertThat(documents.of(registry.current(), Network.INTERNAL, "waits")).isNotSameAs(made);
    registry.register(node("cache-1").leading(1, 4));
    assertThat(documents.of(registry.current(), Network.INTERNAL, null)).isNotSameAs(made);
  }

  @Test
  void aWaitEndsWithTheNextVersion() throws Exception {
    CompletableFuture<MvcTestResult> waiting =
        CompletableFuture.supplyAsync(
            () -> mvc.get().uri("/caches?wait=20s").header("If-None-Match", "\"0\"").exchange());
    await().untilAsserted(() -> assertThat(watch.waiting()).isEqualTo(1));
    registry.register(node("a").leading(1, 1));
    assertThat(waiting.get(2, TimeUnit.MINUTES)).hasStatusOk().hasHeader("ETag", "\"1\"");
  }

  @Test
  void aWaitWithoutNewsEndsWith304() {
    assertThat(mvc.get().uri("/caches?wait=100ms").header("If-None-Match", "\"0\"")).hasStatus(304);
    assertThat(get("/caches?wait=100ms")).hasStatusOk();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/caches?wait=soon", "/caches?network=mars", "/caches?key="})
  void aParameterThatCannotBeUnderstoodIsAProblem(String uri) {
    assertThat(get(uri)).hasStatus(400).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  private MvcTestResult get(String uri) {
    return mvc.get().uri(uri).exchange();
  }
}
