package io.weir.cache.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.membership.FakeMaster;
import io.weir.client.DeadlineExceededException;
import io.weir.client.NotReachableException;
import io.weir.client.RejectedException;
import io.weir.client.WeirClient;
import io.weir.client.WeirClientBuilder;
import io.weir.model.Key;
import io.weir.model.TokenFile;
import io.weir.testing.Mappings;
import io.weir.testing.TestAuthority;
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
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** A server that asks for tokens, and for certificates, on a real database. */
@Timeout(600)
class SecureServerIT {

  private static final String OLD = "old-0123456789abcdef";
  private static final String NEW = "new-0123456789abcdef";
  private static final String READER = "reader-0123456789abcdef";
  private static final String WRITER = "writer-0123456789abcdef";
  private static final String OPERATOR = "operator-0123456789abcdef";
  private static final String SCRAPER = "scraper-0123456789abcdef";
  private static final String KEEPER = "keeper-0123456789abcdef";
  private static final String OTHERS =
      "\nreader read "
          + READER
          + "\nwriter write "
          + WRITER
          + "\noperator operate "
          + OPERATOR
          + "\nscraper metrics "
          + SCRAPER
          + "\nkeeper read,operate "
          + KEEPER;

  private final TestSchema schema = TestDatabase.createSchema("secure");
  private final FakeMaster master = new FakeMaster();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path directory;
  private Path tokens;

  @BeforeEach
  void write() throws IOException {
    tokens = directory.resolve("tokens");
    replace(tokens, "app read,write " + OLD + OTHERS);
  }

  @AfterEach
  void close() {
    master.close();
    schema.close();
    http.close();
  }

  @Test
  void nothingButHealthAnswersWithoutAToken() throws Exception {
    try (RunningServer server =
        start(
            "--management.endpoints.web.exposure.include=*", "--springdoc.api-docs.enabled=true")) {
      Set<String> asked = new HashSet<>();
      for (String target : Mappings.of(server.context())) {
        String method = target.substring(0, target.indexOf(' '));
        String path = target.substring(target.indexOf(' ') + 1);
        HttpResponse<String> answer = send(server, method, path, null, "{}");
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
        int stranger = send(server, method, path, "stranger-0123456789", "{}").statusCode();
        assertThat(stranger).as(target).isEqualTo(401);
      }
      assertThat(asked)
          .contains(
              "/kv/x",
              "/batch",
              "/actuator/prometheus",
              "/actuator/env",
              "/actuator/writeback",
              "/actuator/raft",
              "/actuator/rescue",
              "/v3/api-docs",
              "/swagger-ui.html");
    }
  }

  @Test
  void everyRoleDoesItsOwn() throws Exception {
    try (RunningServer server = start()) {
      assertThat(send(server, "PUT", "/kv/a", WRITER, "x").statusCode()).isEqualTo(204);
      assertThat(send(server, "GET", "/kv/a", WRITER, null).statusCode()).isEqualTo(403);
      assertThat(send(server, "GET", "/kv/a", READER, null).body()).isEqualTo("x");
      HttpResponse<String> refused = send(server, "PUT", "/kv/a", READER, "y");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("urn:weir:problem:forbidden").contains("'reader'");
      assertThat(send(server, "DELETE", "/kv/a", READER, null).statusCode()).isEqualTo(403);

      String scrape = send(server, "GET", "/actuator/prometheus", OPERATOR, null).body();
      assertThat(scrape).contains("cache_gets_total").doesNotContain(OPERATOR);
      assertThat(send(server, "GET", "/actuator/prometheus", READER, null).statusCode())
          .isEqualTo(403);
      String env = send(server, "GET", "/actuator/writeback", OPERATOR, null).body();
      assertThat(env).contains("dirty");
    }
  }

  @Test
  void whoReadsMetricsDoesNothingElse() throws Exception {
    try (RunningServer server = start()) {
      assertThat(send(server, "GET", "/actuator/prometheus", SCRAPER, null).body())
          .contains("cache_gets_total");
      for (String path :
          List.of(
              "/kv/a",
              "/actuator",
              "/actuator/metrics",
              "/actuator/writeback",
              "/actuator/entries?first=0&last=16383",
              "/actuator/quarantine")) {
        assertThat(send(server, "GET", path, SCRAPER, null).statusCode()).as(path).isEqualTo(403);
      }
      assertThat(send(server, "PUT", "/kv/a", SCRAPER, "x").statusCode()).isEqualTo(403);
      assertThat(send(server, "POST", "/actuator/drain", SCRAPER, "{}").statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void whatShowsValuesToAnOperatorNeedsTheRoleReadAsWell() throws Exception {
    try (RunningServer server = start()) {
      send(server, "PUT", "/kv/a", WRITER, "a secret of the shop");
      for (String path :
          List.of("/actuator/entries?first=0&last=16383", "/actuator/quarantine?key=a")) {
        HttpResponse<String> refused = send(server, "GET", path, OPERATOR, null);
        assertThat(refused.statusCode()).as(path).isEqualTo(403);
        assertThat(refused.body())
            .contains("urn:weir:problem:forbidden")
            .contains("the role read")
            .doesNotContain("a secret of the shop");
        assertThat(send(server, "GET", path, READER, null).statusCode()).as(path).isEqualTo(403);
        assertThat(send(server, "GET", path, KEEPER, null).statusCode()).as(path).isEqualTo(200);
      }
      assertThat(send(server, "GET", "/actuator/entries?first=0&last=16383", KEEPER, null).body())
          .contains("a secret of the shop");
      // Another try shows nothing.
      assertThat(send(server, "POST", "/actuator/quarantine", OPERATOR, "{}").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void aBatchNeedsTheRolesOfItsOperations() throws Exception {
    try (RunningServer server = start()) {
      String gets = "{\"operations\": [{\"op\": \"get\", \"key\": \"a\"}]}";
      String puts = "{\"operations\": [{\"op\": \"put\", \"key\": \"a\", \"value\": \"x\"}]}";
      String both =
          "{\"operations\": [{\"op\": \"put\", \"key\": \"a\", \"value\": \"x\"},"
              + " {\"op\": \"get\", \"key\": \"a\"}]}";
      assertThat(send(server, "POST", "/batch", READER, gets).statusCode()).isEqualTo(200);
      assertThat(send(server, "POST", "/batch", READER, puts).statusCode()).isEqualTo(403);
      assertThat(send(server, "POST", "/batch", WRITER, puts).statusCode()).isEqualTo(200);
      assertThat(send(server, "POST", "/batch", WRITER, gets).statusCode()).isEqualTo(403);
      assertThat(send(server, "POST", "/batch", WRITER, both).statusCode()).isEqualTo(403);
      assertThat(send(server, "POST", "/batch", OLD, both).statusCode()).isEqualTo(200);
      assertThat(send(server, "POST", "/batch", OPERATOR, gets).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void rotationUnderLoadDropsNoRequest() throws Exception {
    Path token = directory.resolve("token");
    replace(token, OLD);
    AtomicBoolean running = new AtomicBoolean(true);
    AtomicLong done = new AtomicLong();
    try (RunningServer server = start("--weir.security.reload-interval=20ms");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        WeirClient client = client(TokenFile.open(token), null)) {
      List<CompletableFuture<Void>> loops = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Key key = Key.of("k" + i);
        loops.add(
            CompletableFuture.runAsync(
                () -> {
                  while (running.get()) {
                    byte[] value = ("v" + done.get()).getBytes(UTF_8);
                    client.put(key, value);
                    assertThat(client.get(key).orElseThrow().value()).isEqualTo(value);
                    done.incrementAndGet();
                  }
                },
                threads));
      }
      awaitMore(done);
      replace(tokens, "app read,write " + OLD + "\napp read,write " + NEW + OTHERS);
      await().until(() -> send(server, "GET", "/kv/k0", NEW, null).statusCode() == 200);
      awaitMore(done);
      replace(token, NEW);
      awaitMore(done);
      replace(tokens, "app read,write " + NEW + OTHERS);
      await().until(() -> send(server, "GET", "/kv/k0", OLD, null).statusCode() == 401);
      awaitMore(done);
      running.set(false);
      // Fails with the first request that failed.
      loops.forEach(CompletableFuture::join);
    }
  }

  @Test
  void aTokenThatIsGoneIsRefused() throws Exception {
    try (RunningServer server = start("--weir.security.reload-interval=20ms");
        WeirClient client = client(() -> OLD, null)) {
      client.put(Key.of("a"), new byte[1]);
      replace(tokens, OTHERS.strip());
      await().until(() -> send(server, "GET", "/kv/a", OLD, null).statusCode() == 401);
      assertThatThrownBy(() -> client.get(Key.of("a")))
          .isInstanceOf(RejectedException.class)
          .hasMessageContaining("401");
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    TestAuthority ours = TestAuthority.create(directory, "ours");
    TestAuthority theirs = TestAuthority.create(directory, "theirs");
    TestAuthority.Issued certificate = ours.issue("server");
    SSLContext right = context(ours, ours.issue("client"));
    SSLContext wrong = context(ours, theirs.issue("stranger"));
    try (RunningServer server =
        start(
            "--server.ssl.bundle=web",
            "--server.ssl.client-auth=need",
            "--spring.ssl.bundle.pem.web.reload-on-update=true",
            "--spring.ssl.bundle.pem.web.keystore.certificate=" + certificate.certificate(),
            "--spring.ssl.bundle.pem.web.keystore.private-key=" + certificate.key(),
            "--spring.ssl.bundle.pem.web.truststore.certificate=" + ours.certificate(),
            "--weir.raft.ssl.bundle=web",
            "--weir.advertise.url=https://127.0.0.1:" + RunningServer.portOf("cache-1", schema))) {
      Key key = Key.of("a");
      try (WeirClient client = client(() -> OLD, right)) {
        client.put(key, "over TLS".getBytes(UTF_8));
        assertThat(client.get(key).orElseThrow().value()).isEqualTo("over TLS".getBytes(UTF_8));
      }
      for (SSLContext refused : new SSLContext[] {wrong, context(ours, null)}) {
        try (WeirClient client = client(() -> OLD, refused)) {
          // The deadline may come between a request and the server's alert.
          assertThatThrownBy(() -> client.get(key))
              .isInstanceOfAny(NotReachableException.class, DeadlineExceededException.class);
        }
      }
      // The token does not make up for it, and plain HTTP is not spoken.
      assertThat(send(server, "GET", "/kv/a", OLD, null).statusCode()).isEqualTo(400);

      TestAuthority.Issued renewed = ours.issue("renewed");
      Files.copy(renewed.key(), certificate.key(), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(
          renewed.certificate(), certificate.certificate(), StandardCopyOption.REPLACE_EXISTING);
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> subject(right, server.port).contains("CN=renewed"));
      try (WeirClient client = client(() -> OLD, right)) {
        assertThat(client.get(key)).isPresent();
      }
    }
  }

  private RunningServer start(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--weir.security.tokens-file=" + tokens);
    RunningServer server =
        RunningServer.start("cache-1", schema, master.url(), arguments.toArray(String[]::new));
    await().until(() -> server.shard().isServing());
    return server;
  }

  private WeirClient client(Supplier<String> token, @Nullable SSLContext context) {
    WeirClientBuilder builder =
        WeirClient.builder()
            .master(master.url().toString())
            .deadline(Duration.ofSeconds(5))
            .token(token);
    return (context == null ? builder : builder.ssl(() -> context)).build();
  }

  private HttpResponse<String> send(
      RunningServer server,
      String method,
      String path,
      @Nullable String token,
      @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port + path))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static void awaitMore(AtomicLong done) {
    long before = done.get();
    await().until(() -> done.get() > before + 50);
  }

  /** As a careful operator does: nobody ever sees half a file. */
  private static void replace(Path file, String text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static SSLContext context(TestAuthority trusted, TestAuthority.@Nullable Issued own) {
    PemSslStoreDetails keys =
        own == null
            ? null
            : PemSslStoreDetails.forCertificate("file:" + own.certificate())
                .withPrivateKey("file:" + own.key());
    SslStoreBundle stores =
        new PemSslStoreBundle(
            keys, PemSslStoreDetails.forCertificate("file:" + trusted.certificate()));
    return SslBundle.of(stores).createSslContext();
  }

  private static String subject(SSLContext context, int port) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }
}
