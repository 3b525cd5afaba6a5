package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.weir.testing.RawHttp;
import io.weir.web.EdgeApplication;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A key's request before all other filters, over real servers. */
class KeyFrontTest {

  private static final String READER = "reader-0123456789abcdef";

  /** The master's way and the cache server's are told apart by nothing. */
  @Test
  void requestsAreMeteredAsByTheObservationOfSpring() throws IOException {
    Map<String, Long> here = meters(true);
    assertThat(here).isEqualTo(meters(false));
    assertThat(here.keySet())
        .anyMatch(each -> each.contains("status=401"))
        .anyMatch(each -> each.contains("status=403"))
        .anyMatch(each -> each.contains("method=UNKNOWN"))
        .anyMatch(each -> each.contains("exception=IllegalStateException"))
        .anyMatch(each -> each.contains("http.server.requests.active"));
  }

  private static Map<String, Long> meters(boolean front) throws IOException {
    try (ConfigurableApplicationContext context = start(front)) {
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      for (int i = 0; i < 2; i++) {
        ask(port, "GET", "/kv/x", "Authorization: Bearer " + READER + "\r\n");
        ask(port, "HEAD", "/kv/x", "Authorization: Bearer " + READER + "\r\n");
        ask(port, "GET", "/kv/x?boom", "Authorization: Bearer " + READER + "\r\n");
        ask(port, "GET", "/kv/%zz", "Authorization: Bearer " + READER + "\r\n");
        ask(port, "GET", "/kv/x", "");
        ask(port, "PUT", "/kv/x", "Authorization: Bearer " + READER + "\r\n");
        ask(port, "BREW", "/kv/x", "");
      }
      MeterRegistry registry = context.getBean(MeterRegistry.class);
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> counts(registry).values().stream().mapToLong(each -> each).sum() == 14);
      return counts(registry);
    }
  }

  private static Map<String, Long> counts(MeterRegistry registry) {
    Map<String, Long> counts = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      if (meter.getId().getName().startsWith("http.server.requests")) {
        long count =
            switch (meter) {
              case Timer timer -> timer.count();
              case LongTaskTimer active -> active.activeTasks();
              default -> throw new AssertionError("an unexpected meter: " + meter.getId());
            };
        counts.put(described(meter.getId()), count);
      }
    }
    return counts;
  }

  private static String described(Meter.Id id) {
    return id.getTags().stream()
        .map((Tag tag) -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(" ", id.getName() + " " + id.getDescription() + " ", ""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyAnswerIsPutIntoASandboxOnce(boolean front) throws IOException {
    try (ConfigurableApplicationContext context = start(front)) {
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      for (String[] each :
          new String[][] {
            {"GET", "/kv/x", "Authorization: Bearer " + READER + "\r\n"},
            {"GET", "/kv/x?boom", "Authorization: Bearer " + READER + "\r\n"},
            {"GET", "/kv/x", ""},
            {"PUT", "/kv/x", "Authorization: Bearer " + READER + "\r\n"},
            {"PUT", "/kv/x", "Origin: http://elsewhere.example\r\n"}
          }) {
        assertThat(ask(port, each[0], each[1], each[2]).head())
            .containsOnlyOnce("content-security-policy: sandbox\r\n")
            .containsOnlyOnce("x-content-type-options: nosniff\r\n")
            .containsOnlyOnce("cross-origin-resource-policy: same-origin\r\n");
      }
    }
  }

  private static ConfigurableApplicationContext start(boolean front) {
    return SpringApplication.run(
        EdgeApplication.class,
        "--spring.config.import=classpath:service-web.yaml",
        "--server.port=0",
        "--server.address=127.0.0.1",
        "--edge.front=" + front,
        "--weir.security.tokens[0]=reader read " + READER);
  }

  private static RawHttp.Answer ask(int port, String method, String target, String headers)
      throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
              + headers
              + "\r\n");
      return connection.read();
    }
  }
}
