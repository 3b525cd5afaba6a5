package io.weir.web.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * Asks the service of its own container whether it is ready; the exit status is 0 when it is.
 *
 * <p>Speaks HTTP over a bare socket: an HTTP client would double what a probe costs, and one is
 * made every few seconds. It does not speak TLS: a service whose port does needs a port of its own
 * for {@code management}, which is then asked instead.
 */
public final class HealthProbe {

  /** Shorter than the time-out of the image's health check, so that the reason is told. */
  static final Duration TIMEOUT = Duration.ofSeconds(3);

  private static final String REQUEST =
      "GET /actuator/health/readiness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  private static final int LONGEST_STATUS_LINE = 64;

  private HealthProbe() {}

  public static void main(String[] arguments) {
    String status;
    try {
      status = statusLine(port(System.getenv()), TIMEOUT);
    } catch (IOException | IllegalArgumentException e) {
      status = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    System.out.println(status);
    System.exit(isReady(status) ? 0 : 1);
  }

  /** Where health is answered: the port of {@code management} if there is one. */
  static int port(Map<String, String> environment) {
    String port = environment.get("MANAGEMENT_SERVER_PORT");
    if (port == null) {
      port = environment.get("SERVER_PORT");
    }
    if (port == null) {
      throw new IllegalArgumentException("SERVER_PORT is not set");
    }
    try {
      return Integer.parseInt(port);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the port is '" + port + "', it must be a number", e);
    }
  }

  static String statusLine(int port, Duration timeout) throws IOException {
    int millis = Math.toIntExact(timeout.toMillis());
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
      socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(LONGEST_STATUS_LINE);
      String text = new String(answer, StandardCharsets.US_ASCII);
      int end = text.indexOf("\r\n");
      return end < 0 ? text : text.substring(0, end);
    }
  }

  static boolean isReady(String statusLine) {
    return statusLine.matches("HTTP/1\\.1 200( .*)?");
  }
}
