package io.weir.cache.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.door.TestOwnership;
import io.weir.cache.web.WebTestApplication;
import io.weir.testing.RawHttp;
import io.weir.testing.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.web.context.support.StandardServletEnvironment;

/** Tokens, TLS and a name of Kubernetes's at the fast port. */
@Timeout(120)
class FastSecureTest {

  private static final String READER = "reader-0123456789abcdef";

  @Test
  void tokensAreAskedForAsAtTheHttpPort() throws IOException {
    try (ConfigurableApplicationContext context =
        start("--weir.security.tokens[0]=reader read " + READER)) {
      int fast = context.getBean(FastPort.class).port();
      int http = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      String bearer = "Authorization: Bearer " + READER + "\r\n";
      for (String request :
          List.of(
              "GET /kv/foo HTTP/1.1\r\nHost: anywhere\r\n",
              "GET /kv/foo HTTP/1.1\r\nHost: anywhere\r\nAuthorization: Bearer wrong\r\n",
              "GET /kv/foo HTTP/1.1\r\nHost: anywhere\r\n" + bearer,
              "GET /kv/foo HTTP/1.1\r\nHost: anywhere\r\nAuthorization: Basic "
                  + "eDpyZWFkZXItMDEyMzQ1Njc4OWFiY2RlZg==\r\n",
              "DELETE /kv/foo HTTP/1.1\r\nHost: anywhere\r\n" + bearer)) {
        RawHttp.Answer here = answer(fast, request);
        RawHttp.Answer there = answer(http, request);
        assertThat(here.status()).as(request).isEqualTo(there.status());
        assertThat(here.body()).isEqualTo(there.body());
        assertThat(fields(here)).isEqualTo(fields(there));
      }
    }
  }

  /** The fields of an answer but for those of the connection, in the order of their names. */
  private static List<String> fields(RawHttp.Answer answer) {
    return answer
        .head()
        .lines()
        .skip(1)
        .filter(line ->
            !line.startsWith("date:")
                && !line.startsWith("connection:")
                && !line.startsWith("keep-alive:"))
        .sorted()
        .toList();
  }

  private static RawHttp.Answer answer(int port, String head) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write(head + "\r\n");
      return connection.read();
    }
  }

  @Test
  void withTlsNothingElseIsSpoken(@TempDir Path directory) throws Exception {
    TestAuthority authority = TestAuthority.create(directory, "ours");
    TestAuthority.Issued own = authority.issue("server");
    try (ConfigurableApplicationContext context =
        start(
            "--server.ssl.bundle=web",
            "--spring.ssl.bundle.pem.web.keystore.certificate=" + own.certificate(),
            "--spring.ssl.bundle.pem.web.keystore.private-key=" + own.key())) {
      int fast = context.getBean(FastPort.class).port();
      SslStoreBundle stores =
          new PemSslStoreBundle(
              null, PemSslStoreDetails.forCertificate("file:" + authority.certificate()));
      SSLContext trusting = SslBundle.of(stores).createSslContext();
      try (SSLSocket socket =
          (SSLSocket)
              trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), fast)) {
        socket.setSoTimeout(60_000);
        socket
            .getOutputStream()
            .write(
                "GET /kv/foo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
            .startsWith("HTTP/1.1 421 ");
      }
      try (RawHttp plain = new RawHttp(fast)) {
        plain.send("GET", "/kv/foo");
        assertThat(plain.readAll()).doesNotContain("HTTP/1.1");
      }
    }
  }

  @Test
  void aServiceOfKubernetesDoesNotStopTheStart() {
    Map<String, Object> links =
        Map.of(
            "WEIR_FAST_PORT", "tcp://10.0.0.1:9402",
            "WEIR_FAST_PORT_9402_TCP", "tcp://10.0.0.1:9402",
            "WEIR_FAST_PORT_9402_TCP_ADDR", "10.0.0.1",
            "WEIR_FAST_PORT_9402_TCP_PORT", "9402",
            "WEIR_FAST_PORT_9402_TCP_PROTO", "tcp",
            "WEIR_FAST_SERVICE_HOST", "10.0.0.1",
            "WEIR_FAST_SERVICE_PORT", "9402");
    StandardServletEnvironment environment = new StandardServletEnvironment();
    String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
    environment
        .getPropertySources()
        .replace(name, new SystemEnvironmentPropertySource(name, links));
    try (ConfigurableApplicationContext context = start(environment)) {
      assertThat(context.getBean(FastPort.class).isRunning()).isTrue();
    }
  }

  private static ConfigurableApplicationContext start(String... more) {
    return start(new StandardServletEnvironment(), more);
  }

  private static ConfigurableApplicationContext start(
      ConfigurableEnvironment environment, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.config.import=classpath:service-web.yaml",
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--weir.fast.enabled=true",
                "--management.endpoint.health.group.readiness.include=readinessState"));
    arguments.addAll(List.of(more));
    SpringApplication application = new SpringApplication(WebTestApplication.class);
    application.setEnvironment(environment);
    ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
    context.getBean(TestOwnership.class).version = 7;
    return context;
  }
}
