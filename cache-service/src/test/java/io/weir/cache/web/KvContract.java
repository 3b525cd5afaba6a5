package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.door.TestOwnership;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.testing.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is true of {@code /kv} at every port: byte for byte where that matters. */
@ExtendWith(OutputCaptureExtension.class)
public abstract class KvContract {

  protected static final HttpClient HTTP = HttpClient.newHttpClient();

  @Autowired private FakeBackingStore store;
  @Autowired private TestOwnership ownership;

  /** The port that is asked. */
  protected abstract int port();

  @AfterEach
  void heal() {
    store.heal();
    ownership.version = 7;
  }

  protected FakeBackingStore store() {
    return store;
  }

  protected TestOwnership ownership() {
    return ownership;
  }

  @Test
  void aValueGoesThroughTheWireAsItIs() throws Exception {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    HttpRequest put =
        request("/kv/bar")
            .header("Content-Type", "text/plain;charset=latin1")
            .PUT(BodyPublishers.ofByteArray(bytes))
            .build();
    HttpResponse<String> written = HTTP.send(put, BodyHandlers.ofString());
    assertThat(written.statusCode()).isEqualTo(204);

    HttpResponse<byte[]> read =
        HTTP.send(request("/kv/bar").GET().build(), BodyHandlers.ofByteArray());
    assertThat(read.body()).isEqualTo(bytes);
    assertThat(read.headers().firstValue("Content-Type")).contains("text/plain;charset=latin1");
    assertThat(read.headers().firstValue("ETag")).isEqualTo(written.headers().firstValue("ETag"));
    assertThat(read.headers().firstValue("Cache-Status")).contains("weir; hit");
    assertThat(read.headers().firstValue("Weir-Topology-Version")).contains("7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b; charset=\"x;y\"",
        "text/plain;charset=utf-8;charset=latin1",
        "text/plain; charset=UTF-8 ; x=y",
        "text/plain; charset=\"utf-8\"",
        "text/plain;  Charset=utf8mb4",
        "text/plain; charset=",
        "text/plain; charset=\"a b\"",
        "image/png; charset=binary",
        "no type at all",
        ";",
      })
  void aContentTypeComesBackAsItWasPutAndLogsNothing(String type, CapturedOutput output)
      throws IOException {
    String logged = output.getAll();
    RawHttp.Answer put =
        exchange(
            "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Type: "
                + type
                + "\r\n\r\nx");
    assertThat(put.status()).isEqualTo(204);
    for (String method : List.of("GET", "HEAD")) {
      assertThat(
              whole(method + " /kv/bar HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .contains("\r\nContent-Type: " + type + "\r\n");
    }
    assertThat(output.getAll()).isEqualTo(logged);
  }

  @Test
  void whoWaitsToBeToldToSendItsBodyIsToldOnceItIsWanted() throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      connection.write(
          "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(100);
      connection.write("x");
      assertThat(connection.read().status()).isEqualTo(204);
      connection.send("GET", "/kv/bar");
      assertThat(connection.read().body()).isEqualTo("x");
    }
  }

  @Test
  void aHeadHasTheHeadersAndNoBody() throws IOException {
    exchange("PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nvalue");
    try (RawHttp connection = new RawHttp(port())) {
      connection.send("HEAD", "/kv/bar");
      connection.send("HEAD", "/kv/foo");
      connection.write("GET /kv/bar HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      String all = connection.readAll();
      assertThat(all.split("HTTP/1.1 ", -1)).hasSize(4);
      assertThat(all).contains("HTTP/1.1 421").containsOnlyOnce("\r\n\r\nvalue");
      assertThat(all.split("Content-Length: 5\r\n", -1)).hasSize(3);
    }
  }

  @Test
  void conditionsMayBeSpreadOverSeveralFields() throws IOException {
    RawHttp.Answer put =
        exchange("PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
    String tag = put.head().replaceAll("(?s).*etag: (\"\\d+\").*", "$1");
    RawHttp.Answer read =
        exchange(
            "GET /kv/bar HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"1\"\r\nIf-None-Match: "
                + tag
                + "\r\n\r\n");
    assertThat(read.status()).isEqualTo(304);
  }

  @Test
  void aValueThatIsTooLargeIsRefusedHoweverItsLengthIsTold() throws Exception {
    byte[] large = new byte[WebTestApplication.MAX_VALUE_BYTES + 1];
    HttpRequest told = request("/kv/bar").PUT(BodyPublishers.ofByteArray(large)).build();
    assertProblem(HTTP.send(told, BodyHandlers.ofString()), 413, "value-too-large");
    HttpRequest chunked =
        request("/kv/bar").PUT(BodyPublishers.ofByteArrays(List.of(large, large))).build();
    assertProblem(HTTP.send(chunked, BodyHandlers.ofString()), 413, "value-too-large");
    byte[] largest = Arrays.copyOf(large, WebTestApplication.MAX_VALUE_BYTES);
    HttpRequest fits =
        request("/kv/bar").PUT(BodyPublishers.ofByteArrays(List.of(largest))).build();
    assertThat(HTTP.send(fits, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT /kv/bar   | Content-Length: 5000                           | 413",
        "PUT /kv/foo   | Content-Length: 5                              | 421",
        "PUT /kv/bar?x | Content-Length: 5                              | 400",
        "PUT /kv/bar   | Content-Length: 5#Content-Encoding: br         | 415",
        "PUT /kv/bar   | Transfer-Encoding: chunked#Content-Range: none | 400",
      })
  void whoWaitsToBeToldToSendItsBodyIsToldAtOnceThatItIsRefused(
      String target, String headers, int status) throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      connection.write(
          target
              + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
              + headers.replace("#", "\r\n")
              + "\r\n\r\n");
      RawHttp.Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(connection.readAll()).as("the connection is closed").isEmpty();
    }
  }

  @Test
  void whoSendsABodyThatIsRefusedSeesTheAnswer() throws Exception {
    byte[] large = new byte[8 << 20];
    for (int i = 0; i < 10; i++) {
      assertProblem(
          send(request("/kv/bar").PUT(BodyPublishers.ofByteArray(large))), 413, "value-too-large");
    }
  }

  @Test
  void everyErrorIsAProblemWithTheTopologyVersion() throws Exception {
    ownership.version = 9;
    assertProblem(get("/kv/foo"), 421, "not-owner");
    assertProblem(get("/kv/%7Bbar%7D-absent"), 404, "not-found");
    assertProblem(get("/kv/%FF"), 400, "invalid-key");
    assertProblem(get("/kv"), 400, "invalid-key");
    assertProblem(get("/kv/bar?x=1"), 400, "bad-request");
    HttpResponse<String> post =
        HTTP.send(
            request("/kv/bar").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
    assertProblem(post, 405, "method-not-allowed");
    assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD, PUT, DELETE");
    store.goDown();
    HttpResponse<String> miss = get("/kv/%7Bbar%7D-miss");
    assertProblem(miss, 503, "store-unavailable");
    assertThat(miss.headers().firstValue("Retry-After")).get().isIn("1", "2");
    assertThat(miss.headers().firstValue("Weir-Topology-Version")).contains("9");
  }

  @Test
  void aPutADeleteAndAConditionAreAnsweredAlike() throws Exception {
    HttpResponse<String> put = send(request("/kv/bar").PUT(BodyPublishers.ofString("one")));
    assertThat(put.statusCode()).isEqualTo(204);
    assertThat(put.headers().firstValue("Weir-Durability")).contains("memory");
    String tag = put.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> unchanged = send(request("/kv/bar").header("If-None-Match", tag).GET());
    assertThat(unchanged.statusCode()).isEqualTo(304);
    assertThat(unchanged.body()).isEmpty();
    assertProblem(
        send(request("/kv/bar").header("If-None-Match", "*").PUT(BodyPublishers.ofString("two"))),
        412,
        "precondition-failed");
    HttpResponse<String> replaced =
        send(request("/kv/bar").header("If-Match", tag).PUT(BodyPublishers.ofString("two")));
    assertThat(replaced.statusCode()).isEqualTo(204);
    assertThat(get("/kv/bar").body()).isEqualTo("two");
    HttpResponse<String> deleted = send(request("/kv/bar").DELETE());
    assertThat(deleted.statusCode()).isEqualTo(204);
    assertThat(deleted.headers().firstValue("ETag")).isEmpty();
    assertProblem(get("/kv/bar"), 404, "not-found");
  }

  @Test
  void everyAnswerIsPutIntoASandbox() throws Exception {
    for (String path : List.of("/kv/bar", "/kv/foo", "/kv/%FF")) {
      assertThat(get(path).headers().firstValue("Content-Security-Policy")).contains("sandbox");
      assertThat(get(path).headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(get(path).headers().firstValue("Cross-Origin-Resource-Policy"))
          .contains("same-origin");
    }
  }

  @Test
  void aPageOfAnotherOriginAndAnotherNameAreRefused() throws IOException {
    RawHttp.Answer crossOrigin =
        exchange(
            "PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere.example\r\n"
                + "Content-Length: 1\r\n\r\nx");
    assertThat(crossOrigin.status()).isEqualTo(403);
    assertThat(crossOrigin.body()).contains("urn:weir:problem:forbidden");
    assertThat(crossOrigin.head()).contains("cache-control: no-store\r\n");
    RawHttp.Answer rebound = exchange("GET /kv/bar HTTP/1.1\r\nHost: elsewhere.example:80\r\n\r\n");
    assertThat(rebound.status()).isEqualTo(403);
    assertThat(rebound.body()).contains("the request is for 'elsewhere.example'");
    assertThat(exchange("GET /kv/bar HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").status())
        .isNotEqualTo(403);
    assertThat(exchange("GET http://localhost/kv/foo HTTP/1.1\r\nHost: localhost\r\n\r\n").status())
        .isEqualTo(421);
  }

  protected HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  protected static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  protected HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  protected String whole(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      connection.write(request);
      return connection.readAll();
    }
  }

  protected RawHttp.Answer exchange(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port())) {
      connection.write(request);
      return connection.read();
    }
  }

  protected static void assertProblem(HttpResponse<String> answer, int status, String type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("Weir-Topology-Version")).isPresent();
    assertThat(answer.body())
        .contains("\"type\":\"urn:weir:problem:" + type + "\"")
        .doesNotContain("io.weir", "Exception");
  }
}
