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

/** What slow clients of {@code /kv} may hold, at every port. */
public abstract class SlowKvContract {

  @Autowired private RequestBudget budget;
  @Autowired private FakeBackingStore store;
  private final List<RawHttp> slow = new ArrayList<>();

  /** The port that is asked. */
  protected abstract int port();

  protected RequestBudget budget() {
    return budget;
  }

  protected List<RawHttp> slow() {
    return slow;
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
    assertThat(RawHttp.get(port(), "/kv/bar").body()).isEqualTo("x");

    slow.getFirst().write("x".repeat(899));
    assertThat(slow.getFirst().read().status()).isEqualTo(204);
    await().until(() -> put("y").status() == 204);
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

  @Test
  void whoTakesAValueTooSlowlyIsCutOffAndGivesItsRoomBack() throws IOException {
    int bytes = 6 << 20;
    store.insert(Key.of("{bar}large"), 1, new Value(new byte[bytes], null, Value.NEVER));
    try (Socket slowReader = new Socket()) {
      slowReader.setReceiveBufferSize(4 * 1024);
      slowReader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
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

  @AfterEach
  void whatWasReservedIsGivenBackWhenTheClientGoes() throws IOException {
    for (RawHttp each : slow) {
      each.close();
    }
    await().until(() -> budget.reservedBytes() == 0);
  }

  @Test
  void whoSendsAValueTooSlowlyIsToldSoAndGivesItsRoomBack() throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      connection.write("PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n");
      await().until(() -> dripped(connection));
      RawHttp.Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body())
          .contains("urn:weir:problem:request-timeout")
          .contains("weir.requests.min-rate");
    }
    await().until(() -> budget.reservedBytes() == 0);
  }

  /** Sends a byte, until there is an answer. */
  protected static boolean dripped(RawHttp connection) throws IOException {
    if (!connection.hasAnswer()) {
      connection.write(" ");
    }
    return connection.hasAnswer();
  }

  protected void begin(int many, String request) throws IOException {
    for (int i = 0; i < many; i++) {
      RawHttp connection = new RawHttp(port());
      slow.add(connection);
      connection.write(request);
    }
  }

  protected void awaitReserved(int kib) {
    await().until(() -> budget.reservedBytes() == kib * 1024L);
  }

  protected RawHttp.Answer put(String value) throws IOException {
    return exchange(
        "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + value.length()
            + "\r\n\r\n"
            + value);
  }

  protected RawHttp.Answer exchange(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      connection.write(request);
      return connection.read();
    }
  }
}
