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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "weir.batch.max-operations=5",
      "weir.batch.max-size=4KiB",
      "management.endpoint.health.group.readiness.include=readinessState"
    })
@ExtendWith(OutputCaptureExtension.class)
class WebDoorTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @LocalServerPort private int port;
  @Autowired private FakeBackingStore store;
  @Autowired private TestOwnership ownership;

  @AfterEach
  void heal() {
    store.heal();
    ownership.version = 7;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT /kv/bar   | Content-Length: 5000                           | 413",
        "PUT /kv/foo   | Content-Length: 5                              | 421",
        "PUT /kv/bar?x | Content-Length: 5                              | 400",
        "PUT /kv/bar   | Content-Length: 5#Content-Encoding: br         | 415",
        "PUT /kv/bar   | Transfer-Encoding: chunked#Content-Range: none | 400",
        "POST /batch   | Content-Length: 5000                           | 413",
        "POST /batch   | Content-Length: 5#Content-Encoding: gzip       | 415",
        "POST /batch   | Content-Encoding: identity#Content-Encoding: br | 415",
      })
  void whoWaitsToBeToldToSendItsBodyIsToldAtOnceThatItIsRefused(
      String target, String headers, int status) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
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
  void whoWaitsToBeToldToSendItsBodyIsToldOnceItIsWanted() throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
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
  void whoSendsABodyThatIsRefusedSeesTheAnswer() throws Exception {
    byte[] large = new byte[8 << 20];
    for (int i = 0; i < 10; i++) {
      assertProblem(
          send(request("/kv/bar").PUT(BodyPublishers.ofByteArray(large))), 413, "value-too-large");
      assertProblem(
          send(request("/batch").POST(BodyPublishers.ofByteArray(large))), 413, "value-too-large");
    }
  }

  @Test
  void theHeadersOfABatchHoldForItsOperations() throws Exception {
    String put = "{\"op\": \"put\", \"key\": \"bar\", \"value\": \"x\"%s}";
    String body =
        "{\"operations\": [%s, %s, {\"op\": \"get\", \"key\": \"{bar}clean\"}]}"
            .formatted(put.formatted(""), put.formatted(", \"durability\": \"memory\""));
    assertThat(get("/kv/%7Bbar%7Dclean").statusCode()).isEqualTo(404);
    HttpResponse<String> answer =
        send(
            request("/batch")
                .header("Weir-Durability", "journal")
                .header("Cache-Control", "no-cache")
                .POST(BodyPublishers.ofString(body)));
    JsonNode results = JSON.readTree(answer.body()).get("results");
    assertThat(results.get(0).get("durability").asString()).isEqualTo("journal");
    // One that asks for memory after one in the journal goes there too: see consistency.md.
    assertThat(results.get(1).get("status").asInt()).isEqualTo(204);
    assertThat(results.get(2).get("cacheStatus").asString()).startsWith("weir; fwd=request");
    HttpResponse<String> wrong =
        send(
            request("/batch")
                .header("Weir-Durability", "disk")
                .POST(BodyPublishers.ofString(body)));
    assertThat(statuses(JSON.readTree(wrong.body()).get("results"))).containsExactly(400, 204, 404);
  }

  @Test
  void aHeadHasTheHeadersAndNoBody() throws IOException {
    exchange("PUT /kv/bar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nvalue");
    try (RawHttp connection = new RawHttp(port)) {
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

  @Test
  void everyErrorIsAProblemWithTheTopologyVersion() throws Exception {
    ownership.version = 9;
    assertProblem(get("/kv/foo"), 421, "not-owner");
    assertProblem(get("/kv/%7Bbar%7D-absent"), 404, "not-found");
    assertProblem(get("/kv/%FF"), 400, "invalid-key");
    assertProblem(get("/kv/bar?x=1"), 400, "bad-request");
    assertProblem(get("/nothing"), 404, "no-such-resource");
    assertProblem(get("/batch"), 405, "method-not-allowed");
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
    assertThat(get("/v3/api-docs").headers().firstValue("Weir-Topology-Version")).contains("9");
  }

  @Test
  void aBatchHasAResultForEachOperationInItsOrder() throws Exception {
    HttpResponse<String> answer =
        batch(
            """
            {"operations": [{"op": "put", "key": "{bar}1", "value": "héllo", "contentType": "text/x"},
                            {"op": "get", "key": "{bar}1"},
                            {"op": "put", "key": "{bar}2", "base64": "gIE="},
                            {"op": "get", "key": "{bar}2"},
                            {"op": "get", "key": "foo"}]}
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode results = JSON.readTree(answer.body()).get("results");
    assertThat(statuses(results)).containsExactly(204, 200, 204, 200, 421);
    JsonNode put = results.get(0);
    assertThat(put.propertyNames()).containsExactlyInAnyOrder("status", "version", "durability");
    assertThat(put.get("durability").asString()).isEqualTo("memory");
    JsonNode text = results.get(1);
    assertThat(text.get("value").asString()).isEqualTo("héllo");
    assertThat(text.get("contentType").asString()).isEqualTo("text/x");
    assertThat(text.get("version")).isEqualTo(put.get("version"));
    assertThat(text.get("cacheStatus").asString()).isEqualTo("weir; hit");
    assertThat(results.get(3).get("base64").asString()).isEqualTo("gIE=");
    assertThat(results.get(3).has("value")).isFalse();
    assertThat(results.get(4).get("problem").get("owner").asString())
        .isEqualTo("http://127.0.0.1:7402");
  }

  @Test
  void operationsOfOneKeyRunInTheirOrder() throws Exception {
    HttpResponse<String> answer =
        batch(
            """
            {"operations": [{"op": "delete", "key": "bar"},
                            {"op": "put", "key": "bar", "value": "1", "ifNoneMatch": "*"},
                            {"op": "put", "key": "bar", "value": "2", "ifNoneMatch": "*"},
                            {"op": "put", "key": "bar", "value": "3", "ifMatch": "*", "ttl": "1h"},
                            {"op": "get", "key": "bar"}]}
            """);
    JsonNode results = JSON.readTree(answer.body()).get("results");
    assertThat(statuses(results)).containsExactly(204, 204, 412, 204, 200);
    assertThat(results.get(4).get("value").asString()).isEqualTo("3");
  }

  @Test
  void whatIsWrongWithOneOperationStopsNoOther() throws Exception {
    HttpResponse<String> answer =
        batch(
            """
            {"operations": [{"op": "incr", "key": "bar"},
                            {"op": "put", "key": "bar"},
                            {"op": "put", "key": "bar", "value": "\\ud800"},
                            {"op": "put", "key": "\\ud800", "value": "x"},
                            {"op": "put", "key": "bar", "value": "x", "durability": "disk"}]}
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode results = JSON.readTree(answer.body()).get("results");
    assertThat(statuses(results)).containsExactly(400, 400, 400, 400, 400);
    assertThat(types(results))
        .containsExactly("bad-request", "bad-request", "bad-request", "invalid-key", "bad-request");
  }

  @ParameterizedTest
  @CsvSource({"ttl, 64", "contentType, 255", "durability, 16"})
  void aFieldOfAnOperationHasABound(String field, int longest) throws Exception {
    HttpResponse<String> answer =
        batch(
            "{\"operations\": [{\"op\": \"put\", \"key\": \"bar\", \"value\": \"x\", \"%s\": \"%s\"}]}"
                .formatted(field, " ".repeat(longest + 1)));
    JsonNode result = JSON.readTree(answer.body()).get("results").get(0);
    assertThat(result.get("status").asInt()).isEqualTo(400);
    assertThat(result.get("problem").get("detail").asString())
        .isEqualTo("'%s' has at most %d characters, got %d".formatted(field, longest, longest + 1));
  }

  @Test
  void theValuesOfAnAnswerAreBoundedToo() throws Exception {
    String value = "x".repeat(WebTestApplication.MAX_VALUE_BYTES);
    HTTP.send(
        request("/kv/bar").PUT(BodyPublishers.ofString(value)).build(), BodyHandlers.ofString());
    String get = "{\"op\": \"get\", \"key\": \"bar\"}";
    String operations = String.join(", ", get, get, get, get, get);
    HttpResponse<String> answer = batch("{\"operations\": [" + operations + "]}");
    assertThat(statuses(JSON.readTree(answer.body()).get("results")))
        .containsExactly(200, 200, 200, 200, 413);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"operations\": null}",
        "{\"operations\": [null]}",
        "{\"operations\": [{\"op\": \"get\"}]}",
        "{\"operations\": [{\"key\": \"bar\"}]}",
        "{\"operations\": [{\"op\": \"get\", \"key\": \"bar\", \"color\": \"blue\"}]}",
        "{\"operations\": [], \"more\": 1}",
        "{\"operations\": [",
        "{\"operations\": []} x",
      })
  void aBatchThatIsNoneIsRefusedWhole(String body) throws Exception {
    assertProblem(batch(body), 400, "bad-request");
  }

  @Test
  void aBatchHasBounds() throws Exception {
    String get = "{\"op\": \"get\", \"key\": \"bar\"}";
    String six = String.join(", ", get, get, get, get, get, get);
    HttpResponse<String> many = batch("{\"operations\": [" + six + "]}");
    assertProblem(many, 400, "bad-request");
    assertThat(many.body()).contains("at most 5 operations (weir.batch.max-operations)");
    HttpResponse<String> tiny = batch("{\"operations\": [" + "{},".repeat(1_000) + "{}]}");
    assertProblem(tiny, 400, "bad-request");
    assertThat(tiny.body()).contains("at most 5 operations (weir.batch.max-operations), and this");
    HttpResponse<String> large = batch("{\"operations\": []" + " ".repeat(4_096) + "}");
    assertProblem(large, 413, "value-too-large");
    assertThat(batch("{\"operations\": []}").body()).isEqualTo("{\"results\":[]}");
  }

  @Test
  void theDescriptionSaysWhatTheDoorAnswers() throws Exception {
    JsonNode path = JSON.readTree(get("/v3/api-docs").body()).get("paths").get("/kv/{key}");
    assertThat(path.propertyNames()).contains("get", "head", "put", "delete");

    assertThat(documented(path, "get"))
        .containsExactly("200", "304", "400", "404", "412", "421", "503");
    assertThat(documented(path, "head")).isEqualTo(documented(path, "get"));
    assertThat(documented(path, "put"))
        .containsExactly("204", "400", "412", "413", "415", "421", "503", "504");
    assertThat(documented(path, "delete"))
        .containsExactly("204", "400", "412", "421", "503", "504");

    HTTP.send(
        request("/kv/bar").PUT(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
    HttpResponse<String> read = get("/kv/bar");
    assertDescribed(path, "get", read);
    assertDescribed(path, "get", get("/kv/foo"));
    assertDescribed(path, "get", get("/kv/%FF"));
    assertDescribed(path, "get", get("/kv/%7Bbar%7D-absent"));
    String tag = read.headers().firstValue("ETag").orElseThrow();
    assertDescribed(path, "get", send(request("/kv/bar").header("If-None-Match", tag).GET()));
    assertDescribed(path, "get", send(request("/kv/bar").header("If-Match", "\"1\"").GET()));
    assertDescribed(path, "put", send(request("/kv/bar").PUT(BodyPublishers.ofString("x"))));
    assertDescribed(
        path,
        "put",
        send(request("/kv/bar").header("If-Match", "\"1\"").PUT(BodyPublishers.ofString("x"))));
    assertDescribed(
        path,
        "put",
        send(
            request("/kv/bar")
                .header("Content-Encoding", "gzip")
                .PUT(BodyPublishers.ofString("x"))));
    assertDescribed(path, "delete", send(request("/kv/bar").DELETE()));
    store.goDown();
    assertDescribed(path, "get", get("/kv/%7Bbar%7D-miss"));
  }

  /** Holds an answer's status, and the headers that are the door's own, against the description. */
  private static void assertDescribed(JsonNode path, String method, HttpResponse<String> answer) {
    JsonNode described = path.get(method).get("responses").get("" + answer.statusCode());
    assertThat(described).as("%s %d", method, answer.statusCode()).isNotNull();
    List<String> own =
        List.of(
            "ETag",
            "Cache-Status",
            "Cache-Control",
            "Vary",
            "Accept-Encoding",
            "Weir-Durability",
            "Weir-Topology-Version",
            "Retry-After");
    List<String> given =
        own.stream().filter(name -> answer.headers().firstValue(name).isPresent()).toList();
    JsonNode headers = described.path("headers");
    assertThat(headers.propertyNames())
        .as("%s %d", method, answer.statusCode())
        .containsExactlyInAnyOrderElementsOf(given);
    if (answer.statusCode() >= 400) {
      assertThat(described.get("content").propertyNames())
          .containsExactly("application/problem+json");
    }
  }

  private static List<String> documented(JsonNode path, String method) {
    return List.copyOf(new TreeSet<>(path.get(method).get("responses").propertyNames()));
  }

  private static List<Integer> statuses(JsonNode results) {
    List<Integer> statuses = new ArrayList<>();
    results.forEach(result -> statuses.add(result.get("status").asInt()));
    return statuses;
  }

  private static List<String> types(JsonNode results) {
    List<String> types = new ArrayList<>();
    results.forEach(result ->
        types.add(result.get("problem").get("type").asString().replace("urn:weir:problem:", "")));
    return types;
  }

  private HttpResponse<String> batch(String body) throws Exception {
    return send(
        request("/batch")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private String whole(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(request);
      return connection.readAll();
    }
  }

  private RawHttp.Answer exchange(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(request);
      return connection.read();
    }
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String type) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("Weir-Topology-Version")).isPresent();
    assertThat(answer.body())
        .contains("\"type\":\"urn:weir:problem:" + type + "\"")
        .doesNotContain("io.weir", "Exception");
  }
}
