package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.RawHttp;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
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
class WebDoorTest extends KvContract {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @LocalServerPort private int port;

  @Override
  protected int port() {
    return port;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /batch   | Content-Length: 5000                           | 413",
        "POST /batch   | Content-Length: 5#Content-Encoding: gzip       | 415",
        "POST /batch   | Content-Encoding: identity#Content-Encoding: br | 415",
      })
  void whoWaitsToBeToldToSendItsBatchIsToldAtOnceThatItIsRefused(
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
  void whoSendsABatchThatIsRefusedSeesTheAnswer() throws Exception {
    byte[] large = new byte[8 << 20];
    for (int i = 0; i < 10; i++) {
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
  void everyErrorOfOtherPathsIsAProblemWithTheTopologyVersion() throws Exception {
    ownership().version = 9;
    assertProblem(get("/nothing"), 404, "no-such-resource");
    assertProblem(get("/batch"), 405, "method-not-allowed");
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
    store().goDown();
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
}
