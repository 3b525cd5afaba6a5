package io.weir.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.registry.Registrations;
import io.weir.testing.Mappings;
import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** A whole master that asks for tokens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(600)
class SecureMasterIT {

  private static final String READER = "reader-0123456789abcdef";
  private static final String WRITER = "writer-0123456789abcdef";
  private static final String CACHE = "cache-0123456789abcdef";
  private static final String SCRAPER = "scraper-0123456789abcdef";
  private static final String OPERATOR = "operator-0123456789abcdef";

  private final TestSchema schema = TestDatabase.createSchema("secure_master");
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningMaster master;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Path tokens =
        Files.writeString(
            directory.resolve("tokens"),
            "reader read "
                + READER
                + "\nwriter write "
                + WRITER
                + "\ncache cluster "
                + CACHE
                + "\noperator operate "
                + OPERATOR
                + "\nscraper metrics "
                + SCRAPER);
    master =
        RunningMaster.over(
            schema,
            "--weir.security.tokens-file=" + tokens,
            "--management.endpoints.web.exposure.include=*");
  }

  @AfterAll
  void stop() {
    master.close();
    schema.close();
    http.close();
  }

  @Test
  void nothingButHealthAnswersWithoutAToken() throws Exception {
    Set<String> asked = new HashSet<>();
    for (String target : Mappings.of(master.context())) {
      String method = target.substring(0, target.indexOf(' '));
      String path = target.substring(target.indexOf(' ') + 1);
      HttpResponse<String> answer = send(method, path, null, "{}");
      if (path.startsWith("/actuator/health")) {
        assertThat(answer.statusCode()).as(target).isNotIn(401, 403);
        continue;
      }
      asked.add(path);
      assertThat(answer.statusCode()).as(target).isEqualTo(401);
      assertThat(answer.headers().firstValue("Content-Type"))
          .as(target)
          .contains("application/problem+json");
      assertThat(answer.headers().allValues("WWW-Authenticate")).as(target).hasSize(2);
    }
    assertThat(asked)
        .contains("/kv/x", "/caches", "/register", "/", "/actuator/prometheus", "/v3/api-docs");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /caches, 200, 200, 200, 200, 403",
    "GET, /kv/x, 503, 403, 403, 403, 403",
    "PUT, /kv/x, 403, 503, 403, 403, 403",
    "GET, /actuator/prometheus, 403, 403, 403, 200, 200",
    "GET, /v3/api-docs, 403, 403, 403, 200, 403",
    "DELETE, /register/cache-9, 403, 403, 204, 403, 403",
  })
  void everyRoleMayDoItsOwn(
      String method, String path, int reader, int writer, int cache, int operator, int scraper)
      throws Exception {
    assertThat(send(method, path, READER, null).statusCode()).as("read").isEqualTo(reader);
    assertThat(send(method, path, WRITER, null).statusCode()).as("write").isEqualTo(writer);
    assertThat(send(method, path, CACHE, null).statusCode()).as("cluster").isEqualTo(cache);
    assertThat(send(method, path, OPERATOR, null).statusCode()).as("operate").isEqualTo(operator);
    assertThat(send(method, path, SCRAPER, null).statusCode()).as("metrics").isEqualTo(scraper);
  }

  @Test
  void onlyACacheServerRegisters() throws Exception {
    String body = JsonMapper.shared().writeValueAsString(Registrations.node("cache-1").joining());
    HttpResponse<String> refused = send("POST", "/register", READER, body);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body()).contains("urn:weir:problem:forbidden");
    assertThat(send("POST", "/register", CACHE, body).statusCode()).isEqualTo(200);
  }

  @Test
  void aRegistrationThatWantsATokenIsCounted() throws Exception {
    double before = refusedForWantOfAToken();
    assertThat(send("POST", "/register", null, "{}").statusCode()).isEqualTo(401);
    assertThat(send("POST", "/register", READER, "{}").statusCode()).isEqualTo(403);
    assertThat(refusedForWantOfAToken()).isEqualTo(before + 2);
  }

  private double refusedForWantOfAToken() throws Exception {
    return send("GET", "/actuator/prometheus", OPERATOR, null)
        .body()
        .lines()
        .filter(line -> line.startsWith("weir_registrations_refused_total{reason=\"token\"} "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aLongPollIsAnsweredOnce() throws Exception {
    HttpResponse<String> now = send("GET", "/caches", READER, null);
    String tag = now.headers().firstValue("ETag").orElseThrow();
    HttpRequest wait =
        request("/caches?wait=300ms", READER).header("If-None-Match", tag).GET().build();
    assertThat(http.send(wait, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(path, token)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path, @Nullable String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + master.port() + path))
            .header("Content-Type", "application/json");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }
}
