package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.RawHttp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
    classes = EdgeApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "spring.config.import=classpath:service-web.yaml")
class ProblemResponsesTest {

  @LocalServerPort private int port;

  @Test
  void aPathThatIsNotThere() throws IOException {
    assertProblem(RawHttp.get(port, "/nothing"), 404, "no-such-resource");
  }

  @Test
  void theErrorPageOfTheFrameworkIsNotThereEither() throws IOException {
    assertProblem(RawHttp.get(port, "/error"), 404, "no-such-resource");
  }

  @Test
  void aMethodThatIsNotAllowed() throws IOException {
    RawHttp.Answer answer = RawHttp.get(port, "/json");
    assertProblem(answer, 405, "method-not-allowed");
    assertThat(answer.head()).contains("allow: post");
  }

  @Test
  void aMethodThatTheServletDoesNotKnow() throws IOException {
    assertProblem(
        exchange("DELETE /kv/x HTTP/1.1\r\nHost: localhost\r\n\r\n"), 405, "method-not-allowed");
    assertProblem(
        exchange("TRACE /json HTTP/1.1\r\nHost: localhost\r\n\r\n"), 405, "method-not-allowed");
  }

  @Test
  void aMediaTypeThatIsNotSupported() throws IOException {
    assertProblem(post("text/plain", "hello"), 415, "unsupported-media-type");
  }

  @Test
  void aBodyThatCannotBeRead() throws IOException {
    assertProblem(post("application/json", "{\"text\":"), 400, "bad-request");
  }

  @Test
  void aFailureTellsNothingOfItself() throws IOException {
    for (String target : new String[] {"/boom", "/kv/x?boom"}) {
      RawHttp.Answer answer = RawHttp.get(port, target);
      assertProblem(answer, 500, "internal-error");
      assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
    }
  }

  @Test
  void whatTomcatRefusesBeforeItMaps() throws IOException {
    assertProblem(exchange("GET /a\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "bad-request");
    assertProblem(
        exchange("GET /a/../../b HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "bad-request");
    assertProblem(exchange("GET /a%2Fb HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400, "bad-request");
    assertProblem(exchange("GET /kv/x HTTP/1.1\r\n\r\n"), 400, "bad-request");
  }

  @Test
  void aHostMayHaveAnUnderscore() throws IOException {
    RawHttp.Answer other = exchange("GET /x HTTP/1.1\r\nHost: cache_1:7401\r\n\r\n");
    assertProblem(other, 403, "forbidden");
    assertThat(other.body()).contains("the request is for 'cache_1'");
    for (String loopback : List.of("my_app.localhost", "_.localhost:80", "a_b_.localhost:7401")) {
      assertThat(exchange("GET /x HTTP/1.1\r\nHost: " + loopback + "\r\n\r\n").status())
          .as(loopback)
          .isEqualTo(404);
    }
    assertThat(exchange("GET /x HTTP/1.1\r\nHost: cache_1:x\r\n\r\n").status()).isEqualTo(400);
    assertThat(exchange("GET http://cache_1/x HTTP/1.1\r\nHost: cache_1\r\n\r\n").status())
        .isEqualTo(403);
  }

  @Test
  void aBodyThatNobodyReadsIsNotAskedFor() throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(
          "PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertProblem(connection.read(), 405, "method-not-allowed");
      assertThat(connection.readAll()).as("the connection is closed").isEmpty();
    }
  }

  @Test
  void aTransferCodingThatIsNotUnderstood() throws IOException {
    RawHttp.Answer answer =
        exchange("PUT /kv/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n");
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.body()).contains("Transfer-Encoding").doesNotContain("its log");
  }

  @Test
  void aHeadThatIsTooLarge() throws IOException {
    RawHttp.Answer answer =
        exchange("GET /x HTTP/1.1\r\nHost: localhost\r\nLong: " + "x".repeat(20_000) + "\r\n\r\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.head()).contains("content-type: application/problem+json");
  }

  @Test
  void aStatusWithoutATypeOfOurOwnIsAboutBlank() {
    assertThat(ProblemWriter.members(406, "No."))
        .containsEntry("type", "about:blank")
        .containsEntry("title", "Not Acceptable")
        .containsEntry("status", 406);
  }

  private RawHttp.Answer post(String mediaType, String body) throws IOException {
    return exchange(
        "POST /json HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nContent-Type: "
            + mediaType
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private RawHttp.Answer exchange(String request) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(request);
      return connection.read();
    }
  }

  private static void assertProblem(RawHttp.Answer answer, int status, String type) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.head()).contains("content-type: application/problem+json");
    assertThat(answer.body())
        .contains("\"type\":\"urn:weir:problem:" + type + "\"")
        .contains("\"status\":" + status)
        .doesNotContain("<html");
  }
}
