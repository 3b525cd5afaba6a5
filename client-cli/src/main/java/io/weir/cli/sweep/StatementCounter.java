package io.weir.cli.sweep;

import io.weir.cli.CommandException;
import io.weir.cli.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Reads from the cache servers' metrics how many statements they have sent to their databases. */
final class StatementCounter implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String READS = "weir_loads_total";
  private static final String WRITES = "weir_writeback_statements_total";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  /**
   * Statements since the servers' start.
   *
   * @param reads of a row each
   * @param writes of any number of rows each
   */
  record Statements(long reads, long writes) {

    Statements since(Statements earlier) {
      return new Statements(reads - earlier.reads, writes - earlier.writes);
    }

    long all() {
      return reads + writes;
    }
  }

  /**
   * Sums the statements of servers.
   *
   * @throws CommandException when a server does not give its metrics
   */
  Statements of(List<String> servers) throws InterruptedException {
    long reads = 0;
    long writes = 0;
    for (String server : servers) {
      String metrics = metrics(server);
      reads += sum(metrics, READS);
      writes += sum(metrics, WRITES);
    }
    return new Statements(reads, writes);
  }

  private String metrics(String server) throws InterruptedException {
    URI url = URI.create(server + "/actuator/prometheus");
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 200) {
        return response.body();
      }
      throw new CommandException(
          ExitCodes.UNEXPECTED, url + " answered with status " + response.statusCode());
    } catch (IOException e) {
      throw new CommandException(ExitCodes.NOT_REACHABLE, url + " does not answer: " + e);
    }
  }

  /** The sum of a metric over its labels, from Prometheus' text form. */
  static long sum(String metrics, String name) {
    double sum =
        metrics
            .lines()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
    return Math.round(sum);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
