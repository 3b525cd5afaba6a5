package io.weir.cache.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.web.SlowKvContract;
import io.weir.cache.web.WebTestApplication;
import io.weir.testing.RawHttp;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** What slow clients may hold of the fast port. */
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "weir.fast.enabled=true",
      "weir.fast.port=0",
      "weir.requests.min-rate=256KiB",
      "weir.requests.grace=2s",
      "server.tomcat.connection-timeout=4s",
      "server.tomcat.keep-alive-timeout=1s",
      "management.endpoint.health.group.readiness.include=readinessState"
    })
class FastSlowTest extends SlowKvContract {

  @Autowired private FastPort fast;

  @Override
  protected int port() {
    return fast.port();
  }

  @Test
  void whoSaysNothingIsClosed() throws IOException {
    try (RawHttp silent = new RawHttp(port());
        RawHttp idle = new RawHttp(port());
        RawHttp half = new RawHttp(port())) {
      idle.send("GET", "/kv/foo");
      assertThat(idle.read().status()).isEqualTo(421);
      half.write("GET /kv/foo HTTP/1.1\r\nHost: loc");
      assertThat(silent.readAll()).isEmpty();
      assertThat(idle.readAll()).isEmpty();
      assertThat(half.readAll()).isEmpty();
    }
  }
}
