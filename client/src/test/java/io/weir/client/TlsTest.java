package io.weir.client;

import static io.weir.client.FakeMaster.topology;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.weir.model.Key;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.Topology;
import io.weir.testing.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The client and a server that wants certificates, and has one for 127.0.0.1 and localhost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

  private static final Key KEY = Key.of("user:1");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpsServer server;

  /** The server in the topology; null for this one. */
  private volatile @Nullable URI listed;

  private TestAuthority ours;
  private TestAuthority.Issued client;
  private TestAuthority.Issued stranger;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    ours = TestAuthority.create(directory, "ours");
    TestAuthority theirs = TestAuthority.create(directory, "theirs");
    client = ours.issue("client");
    stranger = theirs.issue("stranger");
    TestAuthority.Issued certificate = ours.issue("server");
    SSLContext context = serverContext(ours, certificate);
    server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.setExecutor(threads);
    server.createContext(
        "/caches",
        exchange -> {
          byte[] body = Json.MAPPER.writeValueAsBytes(itself());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/kv",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("ETag", "\"7\"");
          boolean read = exchange.getRequestMethod().equals("GET");
          byte[] body = "x".repeat(200_000).getBytes(UTF_8);
          exchange.sendResponseHeaders(read ? 200 : 204, read ? body.length : -1);
          if (read) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void readsAndWritesByHttps() throws SSLException {
    SSLContext context = clientContext(client);
    try (WeirClient weir = connect("127.0.0.1", context)) {
      assertThat(weir.put(KEY, new byte[300_000]).version().value()).isEqualTo(7);
      assertThat(weir.get(KEY).orElseThrow().value()).hasSize(200_000);
    }
    try (WeirClient weir = connect("localhost", context)) {
      assertThat(weir.get(KEY)).isPresent();
    }
  }

  @Test
  void aServerOfAnUnknownAuthorityIsNotTrusted() throws NoSuchAlgorithmException {
    try (WeirClient weir = connectTwice("127.0.0.1", SSLContext.getDefault())) {
      assertThatThrownBy(() -> weir.get(KEY))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("unable to find valid certification path");
    }
  }

  @Test
  void aCertificateForAnotherHostIsNotTrusted() throws SSLException {
    // Another address of this machine, for which the certificate is not.
    try (WeirClient weir = connectTwice("127.0.0.2", clientContext(client))) {
      assertThatThrownBy(() -> weir.get(KEY)).isInstanceOf(NotReachableException.class);
    }
  }

  @Test
  void aClientOfAnotherAuthorityIsRefusedAndNothingWasWritten() throws SSLException {
    for (TestAuthority.Issued wrong : new TestAuthority.Issued[] {stranger, null}) {
      try (WeirClient weir = connectTwice("127.0.0.1", clientContext(wrong))) {
        assertThatThrownBy(() -> weir.put(KEY, new byte[10]))
            .isInstanceOf(NotReachableException.class);
      }
    }
  }

  @Test
  void nothingIsSentInTheClearToAServerThatSomebodyHasRegistered() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    HttpServer plain = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    plain.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          byte[] body = Json.MAPPER.writeValueAsBytes(itself());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    plain.start();
    String http = "http://127.0.0.1:" + plain.getAddress().getPort();
    listed = URI.create(http);
    SSLContext context = clientContext(client);
    try (WeirClient weir = connect("127.0.0.1", context)) {
      assertThat(weir.topology().shards().getFirst().leader())
          .extracting(ListedServer::url)
          .isEqualTo(URI.create(http));
      assertNothingIsSentTo(http, weir);
    }
    assertThat(requests).hasValue(0);
    // The master's own address was given, and by somebody who means it.
    try (WeirClient weir =
        WeirClient.builder()
            .master(http)
            .deadline(FakeMaster.DEADLINE)
            .readTimeout(FakeMaster.DEADLINE)
            .watch(false)
            .ssl(() -> context)
            .build()) {
      assertThat(weir.topology().shards()).hasSize(1);
      assertNothingIsSentTo(http.replace("127.0.0.1", "localhost"), weir);
      assertThat(requests).hasValue(1);
    } finally {
      listed = null;
      plain.stop(0);
    }
  }

  /** Keys and operators' requests go by the same transport, and these are not repeated. */
  private static void assertNothingIsSentTo(String url, WeirClient weir) {
    OperatorRequest request = OperatorRequest.get("/actuator/writeback");
    assertThatThrownBy(() -> weir.operate(URI.create(url), request, FakeMaster.DEADLINE))
        .isInstanceOf(NotReachableException.class)
        .hasMessageContaining("nothing is sent to " + url + ": TLS is in force here");
  }

  private WeirClient connect(String host, SSLContext context) {
    return builder(host).ssl(() -> context).build();
  }

  /** A client whose deadline passes while it connects for the second time. */
  private WeirClient connectTwice(String host, SSLContext context) {
    AtomicInteger connections = new AtomicInteger();
    return builder(host)
        .ssl(() -> {
          connections.incrementAndGet();
          return context;
        })
        .nanoClock(FakeMaster.jumpsOnce(() -> connections.get() >= 2))
        .build();
  }

  private WeirClientBuilder builder(String host) {
    return WeirClient.builder()
        .master("https://" + host + ":" + server.getAddress().getPort())
        .deadline(FakeMaster.DEADLINE)
        .connectTimeout(FakeMaster.DEADLINE)
        .readTimeout(FakeMaster.DEADLINE)
        .watch(false);
  }

  private Topology itself() {
    Topology model = topology(1, 1, (FakeServer) null);
    Shard shard = model.shards().getFirst();
    ListedServer leader =
        new ListedServer(
            new NodeId("cache-1"),
            listed != null
                ? listed
                : URI.create("https://127.0.0.1:" + server.getAddress().getPort()),
            NodeState.UP);
    return new Topology(
        1,
        model.slots(),
        model.state(),
        List.of(new Shard(shard.id(), shard.ranges(), 1, leader, List.of())),
        List.of(),
        null,
        null);
  }

  private static SSLContext serverContext(TestAuthority authority, TestAuthority.Issued issued)
      throws SSLException {
    return ((JdkSslContext)
            SslContextBuilder.forServer(issued.certificate().toFile(), issued.key().toFile())
                .sslProvider(SslProvider.JDK)
                .trustManager(authority.certificate().toFile())
                .build())
        .context();
  }

  private SSLContext clientContext(TestAuthority.@Nullable Issued issued) throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .trustManager(ours.certificate().toFile());
    if (issued != null) {
      builder.keyManager(issued.certificate().toFile(), issued.key().toFile());
    }
    return ((JdkSslContext) builder.build()).context();
  }
}
