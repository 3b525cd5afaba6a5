package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weir.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A real cache on the way, that keeps what it may. Skipped where there is no nginx. */
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "management.endpoint.health.group.readiness.include=readinessState")
class BehindAProxyTest {

  @LocalServerPort private int port;
  @TempDir private Path directory;
  private Nginx nginx;

  @BeforeEach
  void start() throws IOException {
    Optional<Path> program = Nginx.program();
    assumeThat(program).as("nginx").isPresent();
    nginx = Nginx.start(program.orElseThrow(), directory, port);
  }

  @AfterEach
  void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  @Test
  void itKeepsWhatDoesNotForbidIt() throws IOException {
    assertThat(RawHttp.get(nginx.port(), "/v3/api-docs").head()).contains("proxy: miss");
    assertThat(RawHttp.get(nginx.port(), "/v3/api-docs").head()).contains("proxy: hit");
  }

  @Test
  void aWritePastItIsSeenThroughItByTheNextRead() throws IOException {
    exchange(port, "DELETE", "", "");
    assertThat(get("").status()).as("absence").isEqualTo(404);
    for (String value : new String[] {"one", "two"}) {
      assertThat(exchange(port, "PUT", "", value).status()).isEqualTo(204);
      assertThat(get("").body()).isEqualTo(value);
      assertThat(get("Weir-Consistency: eventual\r\n").body()).isEqualTo(value);
    }
    assertThat(exchange(nginx.port(), "PUT", "", "three").status()).isEqualTo(204);
    assertThat(get("Weir-Consistency: linearizable\r\n").body()).isEqualTo("three");
  }

  @Test
  void whoHasTheVersionIsToldThroughItThatItIsTheNewest() throws IOException {
    exchange(port, "PUT", "", "one");
    String tag = get("").head().replaceAll("(?s).*etag: (\"\\d+\").*", "$1");
    String known = "If-None-Match: " + tag + "\r\n";
    assertThat(get(known).status()).isEqualTo(304);
    exchange(port, "PUT", "", "two");
    RawHttp.Answer changed = get(known);
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.body()).isEqualTo("two");
    assertThat(exchange(nginx.port(), "PUT", "If-Match: " + tag + "\r\n", "three").status())
        .isEqualTo(412);
  }

  private RawHttp.Answer get(String headers) throws IOException {
    return exchange(nginx.port(), "GET", headers, "");
  }

  private static RawHttp.Answer exchange(int port, String method, String headers, String body)
      throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(
          "%s /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n%s"
              .formatted(method, body.length(), headers, body));
      return connection.read();
    }
  }
}
