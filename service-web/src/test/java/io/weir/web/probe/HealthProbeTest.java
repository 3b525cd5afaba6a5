package io.weir.web.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HealthProbeTest {

  @Test
  void aServiceIsReadyWhenItsReadinessAnswers200() throws IOException {
    assertThat(HealthProbe.isReady(answerOfAServerThatSays(200))).isTrue();
  }

  @Test
  void aServiceThatAnswersAnythingElseIsNot() throws IOException {
    assertThat(answerOfAServerThatSays(503)).startsWith("HTTP/1.1 503");
    assertThat(HealthProbe.isReady("HTTP/1.1 503 Service Unavailable")).isFalse();
    assertThat(HealthProbe.isReady("HTTP/1.1 2000")).isFalse();
    assertThat(HealthProbe.isReady("")).isFalse();
  }

  @Test
  void aPortThatNobodyListensOnIsAFailure() throws IOException {
    // Bound, so that nobody else gets it, and not listening.
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThatThrownBy(() -> HealthProbe.statusLine(bound.getLocalPort(), HealthProbe.TIMEOUT))
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void aServiceThatAcceptsAndSaysNothingIsAFailure() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> HealthProbe.statusLine(silent.getLocalPort(), Duration.ofMillis(50)))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void thePortIsThatOfManagementIfItHasOne() {
    assertThat(HealthProbe.port(Map.of("SERVER_PORT", "7401"))).isEqualTo(7401);
    assertThat(HealthProbe.port(Map.of("SERVER_PORT", "7401", "MANAGEMENT_SERVER_PORT", "9401")))
        .isEqualTo(9401);
    assertThatThrownBy(() -> HealthProbe.port(Map.of())).hasMessage("SERVER_PORT is not set");
    assertThatThrownBy(() -> HealthProbe.port(Map.of("SERVER_PORT", "http")))
        .hasMessage("the port is 'http', it must be a number");
  }

  private static String answerOfAServerThatSays(int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/actuator/health/readiness",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      return HealthProbe.statusLine(server.getAddress().getPort(), Duration.ofMinutes(1));
    } finally {
      server.stop(0);
    }
  }
}
