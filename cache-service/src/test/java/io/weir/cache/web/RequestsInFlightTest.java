package io.weir.cache.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.kv.Value;
import io.weir.model.Key;
import io.weir.testing.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
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
class RequestsInFlightTest {

  private static final String BATCH = "{\"operations\": [{\"op\": \"get\", \"key\": \"bar\"}]}";

  @LocalServerPort private int port;
  @Autowired private RequestBudget budget;
  @Autowired private FakeBackingStore store;
  private final List<RawHttp> slow = new ArrayList<>();

  @AfterEach
  void whatWasReservedIsGivenBackWhenTheClientGoes() throws IOException {
    for (RawHttp each : slow) {
      each.close();
    }
    await().until(() -> budget.reservedBytes() == 0);
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
  void slowValuesAreBoundedTogetherAndReadsGoOn() throws IOException {
    assertThat(put("x").status()).isEqualTo(204);
    // 900 bytes twice are two units of a KiB.
    begin(32, "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nx");
    awaitReserved(WebTestApplication.BUDGET_KIB);
    RawHttp.Answer refused = put("y");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.body()).contains("urn:weir:problem:overloaded");
    assertThat(refused.head()).contains("retry-after: ");
    assertThat(RawHttp.get(port, "/kv/bar").body()).isEqualTo("x");

    slow.getFirst().write("x".repeat(899));
    assertThat(slow.getFirst().read().status()).isEqualTo(204);
    await().until(() -> put("y").status() == 204);
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
  void whoSendsABodyTooSlowlyIsToldSoAndGivesItsRoomBack() throws IOException {
    for (String target : List.of("PUT /kv/bar", "POST /batch")) {
      try (RawHttp connection = new RawHttp(port)) {
        connection.write(target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n");
        await().until(() -> dripped(connection));
        RawHttp.Answer answer = connection.read();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body())
            .contains("urn:weir:problem:request-timeout")
            .contains("weir.requests.min-rate");
      }
      await().until(() -> budget.reservedBytes() == 0);
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

  @Test
  void aBodyOfTheLargestSizeThatDoesNotEndIsSlowToo() throws IOException {
    RawHttp.Answer answer =
        exchange(
            "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(WebTestApplication.MAX_VALUE_BYTES)
                + "\r\n"
                + "x".repeat(WebTestApplication.MAX_VALUE_BYTES)
                + "\r\n");
    assertThat(answer.status()).isEqualTo(408);
  }

  /** Sends a byte, until there is an answer. */
  private static boolean dripped(RawHttp connection) throws IOException {
    if (!connection.hasAnswer()) {
      connection.write(" ");
    }
    return connection.hasAnswer();
  }

  @Test
  void whoTakesAValueTooSlowlyIsCutOffAndGivesItsRoomBack() throws IOException {
    int bytes = 6 << 20;
    store.insert(Key.of("{bar}large"), 1, new Value(new byte[bytes], null, Value.NEVER));
    try (Socket slowReader = new Socket()) {
      slowReader.setReceiveBufferSize(4 * 1024);
      slowReader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      slowReader
          .getOutputStream()
          .write("GET /kv/%7Bbar%7Dlarge HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      await().until(() -> budget.answeredBytes() > 0);
      byte[] some = new byte[16 * 1024];
      AtomicInteger taken = new AtomicInteger();
      await()
          .until(() -> {
            taken.addAndGet(slowReader.getInputStream().read(some));
            return budget.answeredBytes() == 0;
          });
      assertThat(taken.get()).isLessThan(bytes / 2);
    }
  }

  private void begin(int many, String request) throws IOException {
    for (int i = 0; i < many; i++) {
      RawHttp connection = new RawHttp(port);
      slow.add(connection);
      connection.write(request);
    }
  }

  private void awaitReserved(int kib) {
    await().until(() -> budget.reservedBytes() == kib * 1024L);
  }

  private RawHttp.Answer put(String value) throws IOException {
    return exchange(
        "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + value.length()
            + "\r\n\r\n"
            + value);
  }

  private RawHttp.Answer exchange(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(request);
      return connection.read();
    }
  }
}
