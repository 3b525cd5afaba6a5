package io.weir.load.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.client.OperatorRequest;
import io.weir.client.WeirClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The metrics of one server at one moment, from Prometheus' text form. */
public final class ServerMetrics {

  private static final OperatorRequest REQUEST = OperatorRequest.get("/actuator/prometheus");

  private final List<String> lines;

  private ServerMetrics(String text) {
    lines = text.lines().toList();
  }

  /**
   * Asks a server for them.
   *
   * @throws io.weir.client.WeirException when it does not give them
   */
  public static ServerMetrics of(WeirClient client, URI server, Duration timeout) {
    return parse(new String(client.operate(server, REQUEST, timeout), UTF_8));
  }

  static ServerMetrics parse(String text) {
    return new ServerMetrics(text);
  }

  boolean has(String name) {
    return lines(name).findAny().isPresent();
  }

  /** The sum of a metric over its labels; 0 when there is none. */
  public long sum(String name) {
    return Math.round(lines(name).mapToDouble(line -> valueOf(line, name)).sum());
  }

  private Stream<String> lines(String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "));
  }

  /** The number of a line such as {@code name{tag="}"} 12 1700000000}; a time may follow it. */
  private static double valueOf(String line, String name) {
    String rest = line.substring(Math.max(name.length(), line.lastIndexOf('}') + 1)).strip();
    int end = rest.indexOf(' ');
    return Double.parseDouble(end < 0 ? rest : rest.substring(0, end));
  }
}
