package io.weir.web.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.RawHttp;
import io.weir.web.EdgeApplication;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
    classes = EdgeApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.import=classpath:service-web.yaml",
      "weir.security.tokens[0]=reader read " + SecurityTest.READER,
      "weir.security.tokens[1]=writer write " + SecurityTest.WRITER,
      "weir.security.tokens[2]=cache cluster " + SecurityTest.CACHE,
      "weir.security.tokens[3]=operator operate " + SecurityTest.OPERATOR,
      "weir.security.tokens[4]=scraper metrics " + SecurityTest.SCRAPER,
      "weir.database.url=jdbc:mysql://db/weir?user=root&password=hunter2",
      "weir.database.password=hunter2",
      "management.endpoints.web.exposure.include=*",
      "management.endpoint.env.show-values=always",
      "management.endpoint.configprops.show-values=always"
    })
class SecurityTest {

  static final String READER = "reader-0123456789abcdef";
  static final String WRITER = "writer-0123456789abcdef";
  static final String CACHE = "cache-0123456789abcdef";
  static final String OPERATOR = "operator-0123456789abcdef";
  static final String SCRAPER = "scraper-0123456789abcdef";

  @LocalServerPort private int port;

  @ParameterizedTest
  @CsvSource({
    "GET, /kv/x, 200, 403, 403, 403, 403",
    "HEAD, /kv/x, 200, 403, 403, 403, 403",
    "PUT, /kv/x, 403, 405, 403, 403, 403",
    "DELETE, /kv/x, 403, 405, 403, 403, 403",
    "GET, /caches, 404, 404, 404, 404, 403",
    "HEAD, /caches, 404, 404, 404, 404, 403",
    "POST, /caches, 403, 403, 403, 404, 403",
    "POST, /batch, 404, 404, 403, 403, 403",
    "POST, /register, 403, 403, 404, 403, 403",
    "DELETE, /register/cache-1, 403, 403, 404, 403, 403",
    "GET, /, 403, 403, 403, 404, 403",
    "GET, /status, 403, 403, 403, 404, 403",
    "GET, /actuator, 403, 403, 403, 200, 403",
    "GET, /actuator/prometheus, 403, 403, 403, 404, 404",
    "HEAD, /actuator/prometheus, 403, 403, 403, 404, 404",
    "POST, /actuator/prometheus, 403, 403, 403, 404, 403",
    "GET, /actuator/prometheus/x, 403, 403, 403, 404, 403",
    "GET, /actuator/env, 403, 403, 403, 200, 403",
    "GET, /actuator/metrics, 403, 403, 403, 200, 403",
    "GET, /v3/api-docs, 403, 403, 403, 404, 403",
    "GET, /actuator/health, 200, 200, 200, 200, 200",
    "GET, /actuator/health/liveness, 200, 200, 200, 200, 200",
  })
  void everyRoleMayDoItsOwnAndNothingElse(
      String method, String path, int reader, int writer, int cache, int operator, int scraper)
      throws IOException {
    assertThat(status(method, path, bearer(READER))).as("read").isEqualTo(reader);
    assertThat(status(method, path, bearer(WRITER))).as("write").isEqualTo(writer);
    assertThat(status(method, path, bearer(CACHE))).as("cluster").isEqualTo(cache);
    assertThat(status(method, path, bearer(OPERATOR))).as("operate").isEqualTo(operator);
    assertThat(status(method, path, bearer(SCRAPER))).as("metrics").isEqualTo(scraper);
    boolean open = path.startsWith("/actuator/health");
    assertThat(status(method, path, "")).as("nobody").isEqualTo(open ? 200 : 401);
    assertThat(status(method, path, bearer("stranger-0123456789abcdef")))
        .as("a stranger")
        .isEqualTo(open ? 200 : 401);
  }

  @Test
  void a401SaysHowToDoBetter() throws IOException {
    for (String path : new String[] {"/kv/x", "/nothing"}) {
      RawHttp.Answer nothing = exchange("GET", path, "");
      assertProblem(nothing, 401, "unauthenticated");
      assertThat(nothing.head())
          .contains("cache-control: no-store\r\n")
          .contains("cross-origin-resource-policy: same-origin\r\n")
          .contains("www-authenticate: bearer realm=\"weir\"\r\n")
          .contains("www-authenticate: basic realm=\"weir\", charset=\"utf-8\"\r\n");
      RawHttp.Answer unknown = exchange("GET", path, bearer("stranger-0123456789abcdef"));
      assertProblem(unknown, 401, "unauthenticated");
      assertThat(unknown.head()).contains("error=\"invalid_token\"");
      assertThat(unknown.body()).doesNotContain("stranger");
    }
  }

  @Test
  void whoMayNotWriteIsNotAskedForABody() throws IOException {
    assertThat(status("PUT", "/kv/x", "Expect: 100-continue\r\n")).isEqualTo(401);
    assertThat(status("PUT", "/kv/x", "Expect: 100-continue\r\n" + bearer(READER))).isEqualTo(403);
  }

  @Test
  void a403IsAProblem() throws IOException {
    assertProblem(exchange("PUT", "/kv/x", bearer(READER)), 403, "forbidden");
    assertProblem(exchange("GET", "/actuator/env", bearer(READER)), 403, "forbidden");
    assertProblem(exchange("GET", "/denied", bearer(OPERATOR)), 403, "forbidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "any one"})
  void aPasswordIsATokenWhoeverTheUser(String user) throws IOException {
    assertThat(status("GET", "/kv/x", basic(user + ":" + READER))).isEqualTo(200);
    assertThat(status("GET", "/actuator/metrics", basic(user + ":" + OPERATOR))).isEqualTo(200);
    assertThat(status("GET", "/kv/x", basic(user + "::" + READER))).isEqualTo(401);
  }

  @Test
  void whatIsNoTokenIsNone() throws IOException {
    for (String header :
        new String[] {
          "Bearer",
          "Bearer ",
          "Basic",
          "Basic !",
          "Basic " + Base64.getEncoder().encodeToString(READER.getBytes(UTF_8)),
          "Digest " + READER,
          READER,
          "Bearer " + READER + " " + READER
        }) {
      assertThat(status("GET", "/kv/x", "Authorization: " + header + "\r\n"))
          .as(header)
          .isEqualTo(401);
    }
    assertThat(status("GET", "/kv/x", "authorization: bearer   " + READER + "\r\n")).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/kv/../x ../x",
        "/kv/a//b a//b",
        "/kv//a /a",
        "/kv/a%2Fb a/b",
        "/kv/.. ..",
        "/kv/. .",
        "/kv/a;b=c a;b=c",
        "/kv/a/../../../b a/../../../b",
        "/kv/%252F %2F",
        "/kv/%5C \\",
        "/kv/a%0Ab 'a\nb'",
        "http://weir.test/kv/a/../x a/../x",
      })
  void whatIsDataInAKeyStaysSo(String target, String key) throws IOException {
    RawHttp.Answer answer = exchange("GET", target, bearer(READER));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(key.replace("'", ""));
    assertThat(status("GET", target, "")).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x/../kv", "/%6bv", "/./kv", "//kv", "/x;y/../kv", "/kv;x", "/kv;x/y"})
  void noWayRoundLeadsToKeysWithoutAToken(String target) throws IOException {
    assertThat(status("GET", target, "")).isIn(400, 401);
    assertThat(status("PUT", target, bearer(READER))).isIn(400, 403);
    assertThat(status("GET", target, bearer(WRITER))).isIn(400, 403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator//env",
        "/actuator/env;x",
        "/actuator/health/../env",
        "/actuator/health/%2e%2e/env",
        "/actuator/health;/../env",
        "/actuator%2Fenv"
      })
  void noWayRoundLeadsToActuatorWithoutAToken(String target) throws IOException {
    RawHttp.Answer answer = exchange("GET", target, "");
    assertThat(answer.status()).isIn(400, 401);
    assertThat(answer.head()).contains("content-type: application/problem+json");
    assertThat(answer.body()).doesNotContain("propertySources");
  }

  @Test
  void whatTheFirewallRefusesIsAProblem() throws IOException {
    assertProblem(exchange("GET", "/actuator//env", bearer(OPERATOR)), 400, "bad-request");
    assertProblem(exchange("GET", "/a;b", bearer(OPERATOR)), 400, "bad-request");
  }

  @Test
  void aPageOfAnotherOriginChangesNothing() throws IOException {
    String operator = basic("o:" + OPERATOR);
    String elsewhere = "Origin: http://evil.test\r\n";
    assertProblem(exchange("POST", "/anything", operator + elsewhere), 403, "forbidden");
    assertProblem(exchange("POST", "/anything", operator + "Origin: null\r\n"), 403, "forbidden");
    assertThat(status("POST", "/anything", operator + "Origin: http://weir.test\r\n"))
        .isEqualTo(404);
    assertProblem(exchange("PUT", "/kv/x", basic("w:" + WRITER) + elsewhere), 403, "forbidden");
    assertThat(status("GET", "/kv/x", basic("r:" + READER) + elsewhere)).isEqualTo(200);
  }

  @Test
  void aPageThatIsAValueIsPutIntoASandboxWhoeverAsks() throws IOException {
    for (String shown : new String[] {basic("r:" + READER), bearer(READER), ""}) {
      assertThat(exchange("GET", "/kv/x", shown).head())
          .contains("content-security-policy: sandbox\r\n")
          .contains("x-content-type-options: nosniff\r\n");
    }
  }

  @Test
  void noSessionIsMade() throws IOException {
    assertThat(exchange("GET", "/actuator/env", bearer(OPERATOR)).head())
        .doesNotContain("set-cookie");
  }

  @Test
  void actuatorShowsNoSecretEvenWhenItShowsValues(CapturedOutput output) throws IOException {
    String env = exchange("GET", "/actuator/env", bearer(OPERATOR)).body();
    assertThat(env).contains("weir.security.tokens[0]").contains("jdbc:mysql://db/weir");
    String all =
        env
            + exchange("GET", "/actuator/configprops", bearer(OPERATOR)).body()
            + exchange("GET", "/actuator/beans", bearer(OPERATOR)).body()
            + output;
    for (String secret : new String[] {READER, WRITER, CACHE, OPERATOR, SCRAPER, "hunter2"}) {
      assertThat(all).doesNotContain(secret);
    }
    assertThat(output).doesNotContain("generated security password");
  }

  @Test
  void healthTellsTheAnonymousNoDetails() throws IOException {
    assertThat(exchange("GET", "/actuator/health", "").body())
        .doesNotContain("diskSpace")
        .doesNotContain("details");
    assertThat(exchange("GET", "/actuator/health", bearer(OPERATOR)).body()).contains("diskSpace");
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  private static String basic(String account) {
    return "Authorization: Basic "
        + Base64.getEncoder().encodeToString(account.getBytes(UTF_8))
        + "\r\n";
  }

  private int status(String method, String target, String headers) throws IOException {
    return exchange(method, target, headers).status();
  }

  private RawHttp.Answer exchange(String method, String target, String headers) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: weir.test\r\nContent-Length: 0\r\nConnection: close\r\n"
              + headers
              + "\r\n");
      // An answer to HEAD tells a length that no body follows.
      String text = connection.readAll();
      int end = text.indexOf("\r\n\r\n");
      return new RawHttp.Answer(
          Integer.parseInt(text.substring(9, 12)),
          text.substring(0, end + 4).toLowerCase(Locale.ROOT),
          dechunked(text.substring(0, end), text.substring(end + 4)));
    }
  }

  private static String dechunked(String head, String body) {
    if (!head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
      return body;
    }
    StringBuilder joined = new StringBuilder();
    for (int at = 0; ; ) {
      int line = body.indexOf("\r\n", at);
      int length = Integer.parseInt(body.substring(at, line), 16);
      if (length == 0) {
        return joined.toString();
      }
      joined.append(body, line + 2, line + 2 + length);
      at = line + 4 + length;
    }
  }

  private static void assertProblem(RawHttp.Answer answer, int status, String type) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.head()).contains("content-type: application/problem+json");
    assertThat(answer.body()).contains("\"type\":\"urn:weir:problem:" + type + "\"");
  }
}
