package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testing.RawHttp;
import io.weir.web.EdgeApplication;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class OpenServerTest {

  private static final String TOKEN = "alice-0123456789abcdef";

  @TempDir Path directory;

  @Test
  void withoutTokensItListensOnLoopbackAndSaysSo(CapturedOutput output) throws IOException {
    try (ConfigurableApplicationContext context = start()) {
      int port = port(context);
      assertThat(RawHttp.get(port, "/kv/x").status()).isEqualTo(200);
      assertThat(RawHttp.get(port, "/actuator/info").status()).isEqualTo(200);
      assertThat(output).containsOnlyOnce("no tokens are set: listening on 127.0.0.1 only");
      InetAddress other = addressOfThisMachine();
      try (Socket socket = new Socket()) {
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress(other, port), 1_000))
            .isInstanceOf(ConnectException.class);
      }
    }
  }

  /** DNS rebinding: a page of another site comes with its own name, which leads here. */
  @Test
  void withoutTokensItAnswersToTheNamesOfLoopbackAlone() throws IOException {
    try (ConfigurableApplicationContext context =
        start(
            "--weir.security.hosts=Proxy.example,other.example.:7400,[2001:db8::1],2001:db8::2",
            "--weir.advertise.url=http://own.example:7401",
            "--weir.advertise.external-url=http://cache_1:7401",
            "--weir.advertise.fast-url=http://fast.example:9401",
            "--weir.advertise.external-fast-url=http://outside.example:9401")) {
      int port = port(context);
      for (String host :
          List.of(
              "localhost",
              "LOCALHOST:29001",
              "127.0.0.1",
              "127.9.8.7:80",
              "[::1]:7401",
              "a.localhost",
              "proxy.example",
              "localhost.",
              "proxy.example.",
              "other.example",
              "[2001:db8::1]:7401",
              "[2001:db8::2]",
              "cache_1:7401",
              "own.example:7401",
              "fast.example:9401",
              "outside.example")) {
        assertThat(ask(port, host, "/kv/x").status()).as(host).isEqualTo(200);
        assertThat(ask(port, host, "/actuator/info").status()).as(host).isEqualTo(200);
      }
      for (String host :
          List.of(
              "", "rebind.test:29001", "127.0.0.1.evil.example", "10.0.0.1", "localhost.evil")) {
        for (String target : List.of("/kv/x", "/actuator/info", "/actuator/health", "/nothing")) {
          RawHttp.Answer answer = ask(port, host, target);
          assertThat(answer.status()).as("%s of %s", target, host).isEqualTo(403);
          assertThat(answer.body()).contains("answers only to the names of loopback");
        }
      }
    }
  }

  /** A browser names a host in every request. */
  @Test
  void aRequestOfHttp10NeedNameNone() throws IOException {
    try (ConfigurableApplicationContext context = start();
        RawHttp connection = new RawHttp(port(context))) {
      connection.write("GET /kv/x HTTP/1.0\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://proxy.example", "*", "a b", "u@proxy.example", "proxy.example/x"})
  void aFurtherNameThatIsNoneStopsTheStart(String name, CapturedOutput output) {
    assertThatThrownBy(() -> start("--weir.security.hosts[0]=" + name).close())
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("weir.security.hosts has '" + name + "', it must have names and addresses only")
        .doesNotContain("\tat ");
  }

  /** It is a server of its own to Spring. */
  @Test
  void aPortForManagementIsLikeTheOther() throws IOException {
    try (ConfigurableApplicationContext context =
        start("--management.server.port=0", "--weir.security.hosts=cache_1")) {
      int port =
          context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
      assertThat(ask(port, "cache_1", "/actuator/info").status()).isEqualTo(200);
      assertThat(ask(port, "rebind.test", "/actuator/info").status()).isEqualTo(403);
      RawHttp.Answer malformed = ask(port, "cache_1", "/actuator/%zz");
      assertThat(malformed.status()).isEqualTo(400);
      assertThat(malformed.head()).contains("content-type: application/problem+json");
    }
  }

  @Test
  void withTokensAnyNameWillDo() throws IOException {
    try (ConfigurableApplicationContext context =
        start("--weir.security.tokens[0]=alice read " + TOKEN)) {
      assertThat(ask(port(context), "rebind.test", "/kv/x").status()).isEqualTo(401);
      assertThat(ask(port(context), "rebind.test", "/actuator/health").status()).isEqualTo(200);
    }
  }

  private static RawHttp.Answer ask(int port, String host, String target) throws IOException {
    try (RawHttp connection = new RawHttp(port)) {
      connection.write("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      return connection.read();
    }
  }

  @Test
  void aPageThatIsAValueIsPutIntoASandboxWithoutTokensToo() throws IOException {
    try (ConfigurableApplicationContext context = start()) {
      assertThat(RawHttp.get(port(context), "/kv/x").head())
          .contains("content-security-policy: sandbox\r\n")
          .contains("x-content-type-options: nosniff\r\n");
    }
  }

  @Test
  void anotherAddressIsRefusedWithoutTokensAndTakenWithThem(CapturedOutput output)
      throws IOException {
    assertThatThrownBy(() -> start("--server.address=0.0.0.0").close())
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("server.address is 0.0.0.0, which other machines reach, and no tokens are set")
        .doesNotContain("\tat ");
    Path tokens = Files.writeString(directory.resolve("tokens"), "alice read " + TOKEN);
    try (ConfigurableApplicationContext context =
        start("--server.address=0.0.0.0", "--weir.security.tokens-file=" + tokens)) {
      assertThat(RawHttp.get(port(context), "/kv/x").status()).isEqualTo(401);
    }
  }

  @Test
  void aTokenThatIsNoneStopsTheStartAndIsNotShown(CapturedOutput output) {
    assertThatThrownBy(() -> start("--weir.security.tokens[0]=alice reed " + TOKEN).close())
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains(
            "weir.security.tokens, line 1: a role is one of read, write, cluster, metrics, operate")
        .doesNotContain(TOKEN);
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--server.port=0");
    all.add("--spring.config.import=classpath:service-web.yaml");
    all.add("--management.endpoints.web.exposure.include=*");
    return new SpringApplication(EdgeApplication.class).run(all.toArray(String[]::new));
  }

  private static int port(ConfigurableApplicationContext context) {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private static InetAddress addressOfThisMachine() throws IOException {
    InetAddress other =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .findFirst()
            .orElse(null);
    Assumptions.assumeTrue(other != null, "this machine has no address but loopback");
    return other;
  }
}
