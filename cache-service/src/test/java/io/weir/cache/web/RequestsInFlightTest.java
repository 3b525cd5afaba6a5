package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.testing.RawHttp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Clients that send slowly, and more of them than there is room for. */
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "weir.batch.max-size=4KiB",
      "weir.requests.min-rate=256KiB",
      "weir.requests.grace=2s",
      "server.tomcat.connection-timeout=4s",
      "management.endpoint.health.group.readiness.include=readinessState"
    })
class RequestsInFlightTest extends SlowKvContract {

  private static final String BATCH = "{\"operations\": [{\"op\": \"get\", \"key\": \"bar\"}]}";

  @LocalServerPort private int port;

  @Override
  protected int port() {
    return port;
  }

  @Test
  void slowBatchesAreBoundedTogetherAndLeaveRoomForSingleKeys() throws IOException {
    begin(3, "POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4096\r\n\r\n{");
    awaitReserved(3 * 4 * 4);
    // Of 56 KiB there are 8 left, and the first step of this one takes 16, its length being untold.
    String head = "POST /batch HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    RawHttp.Answer refused =
        exchange(head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body())
        .contains("urn:weir:problem:overloaded")
        .contains("weir.requests.max-bytes-in-flight");
    assertThat(refused.head())
        .contains("retry-after: ")
        .contains("weir-topology-version: 7\r\n")
        .contains("content-type: application/problem+json");
    assertThat(put("x").status()).isEqualTo(204);
    RawHttp.Answer small =
        exchange(head + "Content-Length: " + BATCH.length() + "\r\n\r\n" + BATCH);
    assertThat(small.status()).isEqualTo(200);
  }

  @Test
  void theValuesThatABatchReadsTakeRoomUntilItIsAnswered() throws IOException {
    assertThat(put("x".repeat(WebTestApplication.MAX_VALUE_BYTES)).status()).isEqualTo(204);
    begin(2, "POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4096\r\n\r\n{");
    begin(1, "POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2048\r\n\r\n{");
    awaitReserved(2 * 4 * 4 + 2 * 4);
    String get = "{\"op\": \"get\", \"key\": \"bar\"}";
    String batch = "{\"operations\": [" + String.join(", ", get, get, get, get, get) + "]}";
    RawHttp.Answer answer =
        exchange(
            "POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + batch.length()
                + "\r\n\r\n"
                + batch);
    // Of the 16 KiB that are left the text takes 1, the operations 5, their one worker 4, and each
    // value 2.
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().split("\"status\":200", -1)).hasSize(1 + 3);
    assertThat(answer.body().split("\"status\":503", -1)).hasSize(1 + 2);
  }

  @Test
  void whoSendsABatchTooSlowlyIsToldSoAndGivesItsRoomBack() throws IOException {
    for (String target : List.of("POST /batch")) {
      try (RawHttp connection = new RawHttp(port())) {
        connection.write(target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n");
        await().until(() -> dripped(connection));
        RawHttp.Answer answer = connection.read();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body())
            .contains("urn:weir:problem:request-timeout")
            .contains("weir.requests.min-rate");
      }
      await().until(() -> budget().reservedBytes() == 0);
    }
  }

  /** Nobody can look at the clock while Tomcat reads what is around the chunks. */
  @Test
  void whatIsAroundTheChunksOfABodyIsShort() throws IOException {
    String head = "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    String extension = "a".repeat(20);
    assertThat(exchange(head + "1;" + extension + "\r\nx\r\n0\r\n\r\n").status()).isEqualTo(204);
    assertThat(exchange(head + "1\r\nx\r\n0\r\na: " + extension + "\r\n\r\n").status())
        .isEqualTo(204);
    for (String endless :
        List.of(
            "1;" + extension + extension,
            "1;" + extension + "\r\nx\r\n1;" + extension,
            "1\r\nx\r\n0\r\na: " + extension + extension,
            "1\r\nx\r\n0\r\na:" + " ".repeat(40),
            "1\r\nx\r\n0\r\n" + extension + extension)) {
      RawHttp.Answer answer = exchange(head + endless);
      assertThat(answer.status()).as(endless).isEqualTo(400);
      assertThat(answer.body()).contains("urn:weir:problem:bad-request");
    }
  }
}
