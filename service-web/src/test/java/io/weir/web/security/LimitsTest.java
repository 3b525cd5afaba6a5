package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testing.RawHttp;
import io.weir.web.EdgeApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;

@SpringBootTest(
    classes = EdgeApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.import=classpath:service-web.yaml",
      "server.tomcat.connection-timeout=2s",
      "server.tomcat.max-connections=4",
      "server.tomcat.accept-count=1"
    })
class LimitsTest {

  @LocalServerPort private int port;
  @Autowired private Environment environment;

  @Test
  void theDefaultsServe() {
    assertThat(environment.getProperty("server.max-http-request-header-size")).isEqualTo("8KB");
    assertThat(environment.getProperty("server.tomcat.keep-alive-timeout")).isEqualTo("60s");
    assertThat(environment.getProperty("server.tomcat.max-swallow-size")).isEqualTo("32MB");
  }

  @Test
  void aHeadThatIsTooLargeIsRefused() throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(
          "GET /kv/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + "x".repeat(9_000)
              + "\r\n\r\n");
      RawHttp.Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.head()).contains("content-type: application/problem+json");
    }
  }

  @Test
  void whoNeverEndsARequestIsCutOff() throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write("GET /kv/x HTTP/1.1\r\nHost: localhost\r\nHalf-a-");
      // Whatever is said on the way out, it ends, and before the reading times out.
      assertThat(connection.readAll()).doesNotContain("HTTP/1.1 200");
    }
  }

  @Test
  void whoConnectsAndSaysNothingIsCutOff() throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      assertThat(connection.readAll()).isEmpty();
    }
  }

  @Test
  void aConnectionTooManyWaitsUntilAnotherEnds() throws IOException {
    List<RawHttp> open = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        RawHttp connection = new RawHttp(port);
        open.add(connection);
        connection.send("GET", "/kv/x");
        assertThat(connection.read().status()).isEqualTo(200);
      }
      try (Socket more = new Socket(InetAddress.getLoopbackAddress(), port)) {
        // Tomcat's acceptor takes one more before it looks whether it may.
        RawHttp extra = new RawHttp(port);
        open.add(extra);
        more.setSoTimeout(200);
        more.getOutputStream()
            .write(
                "GET /kv/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> more.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        for (RawHttp each : open) {
          each.close();
        }
        more.setSoTimeout(120_000);
        assertThat((char) more.getInputStream().read()).isEqualTo('H');
      }
    } finally {
      for (RawHttp each : open) {
        each.close();
      }
    }
  }
}
