package io.weir.master.redirect;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.registry.InMemoryRegistryConfiguration;
import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryFixture;
import io.weir.web.RawExchange;
import org.apache.coyote.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Keys that only a real Tomcat can tell from other paths are in {@code TwoMastersIT}. */
@WebMvcTest(KeyRedirectController.class)
@Import(InMemoryRegistryConfiguration.class)
@EnableConfigurationProperties(RedirectSettings.class)
class KeyRedirectControllerTest {

  /** What RawTargetAdapter leaves behind in a real server. */
  private static final String RAW = RawExchange.class.getName();

  @Autowired private MockMvcTester mvc;
  @Autowired private Registry registry;
  @Autowired private RegistryFixture fixture;

  @BeforeEach
  void reset() {
    fixture.reset();
  }

  private static RawExchange raw(String key) {
    return new RawExchange(key, new Response());
  }

  @Test
  void everyMethodIsSentOnToTheOwner() {
    registry.register(node("a").of(shard(1)).leading(1, 1));
    registry.register(node("b").of(shard(2)).at(7402).leading(1, 1));
    for (String method : new String[] {"GET", "HEAD", "PUT", "DELETE"}) {
      assertThat(
              mvc.method(HttpMethod.valueOf(method))
                  .uri("/kv?ttl=6s")
                  .requestAttr(RAW, raw("user:1")))
          .hasStatus(307)
          .hasHeader("Cache-Control", "no-store")
          .hasHeader("Location", "http://127.0.0.1:7402/kv/user:1?ttl=6s");
    }
  }

  @Test
  void aSlotWithoutAnOwnerIsAskedForLater() {
    assertThat(mvc.get().uri("/kv").requestAttr(RAW, raw("user:1")))
        .hasStatus(503)
        .hasHeader("Cache-Control", "no-store")
        .containsHeader("Retry-After")
        .hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
        .bodyText()
        .contains("urn:weir:problem:not-serving", "10778");
  }

  @Test
  void aShardWithoutALeaderIsAskedForLater() {
    registry.register(node("a").of(shard(1)).joining());
    assertThat(mvc.get().uri("/kv").requestAttr(RAW, raw("b")))
        .hasStatus(503)
        .bodyText()
        .contains("Shard " + shard(1), "has no leader");
  }

  @Test
  void anotherMethodIsNotAllowed() {
    assertThat(mvc.post().uri("/kv").requestAttr(RAW, raw("a"))).hasStatus(405);
  }

  @Test
  void noKeyIsAProblem() {
    assertThat(mvc.get().uri("/kv"))
        .hasStatus(400)
        .bodyText()
        .contains("urn:weir:problem:invalid-key");
  }
}
