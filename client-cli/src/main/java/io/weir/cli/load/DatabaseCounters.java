package io.weir.cli.load;

import io.weir.cli.load.result.DatabaseResult;
import io.weir.client.RoutingTable;
import io.weir.client.transport.Access;
import io.weir.model.Member;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the cache servers' metrics, in Prometheus' text form, what became of the writes.
 *
 * <p><b>Failure.</b> A server that does not give them makes the whole unknown: a sum without one
 * server would look like a saving.
 */
final class DatabaseCounters {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String WRITES = "cache_puts_total";
  private static final String ROWS = "weir_writeback_entries_total";
  private static final String TRANSACTIONS = "weir_writeback_flush_seconds_count";
  private static final String COALESCED = "weir_writeback_coalesced_total";
  private static final List<String> COUNTERS = List.of(WRITES, ROWS, TRANSACTIONS, COALESCED);

  /** The tag of the flushes that the database acknowledged. */
  private static final String DONE = "result=\"ok\"";

  private final Access access;
  private final HttpClient http;

  /**
   * @param access whose token has the role {@code operate}, or nothing is read
   */
  DatabaseCounters(Access access) {
    this.access = access;
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
    SSLContext certificates = access.certificates();
    this.http = (certificates == null ? client : client.sslContext(certificates)).build();
  }

  /** The counters of each server that is up, by its URL; empty when one does not give them. */
  private Map<URI, DatabaseResult> read(@Nullable RoutingTable routing)
      throws InterruptedException {
    Map<URI, DatabaseResult> all = new HashMap<>();
    if (routing != null) {
      for (URI url : servers(routing)) {
        DatabaseResult one = read(url);
        if (one == null) {
          return Map.of();
        }
        all.put(url, one);
      }
    }
    return all;
  }

  private static List<URI> servers(RoutingTable routing) {
    List<URI> urls = new ArrayList<>();
    for (Shard shard : routing.topology().shards()) {
      Member leader = shard.leader();
      if (leader != null) {
        urls.add(leader.url());
      }
      shard.replicas().stream()
          .filter(each -> each.state() == NodeState.UP)
          .map(Member::url)
          .forEach(urls::add);
    }
    return urls;
  }

  private @Nullable DatabaseResult read(URI server) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(server + "/actuator/prometheus")).timeout(TIMEOUT);
      String authorization = access.authorization();
      if (authorization != null) {
        request.header("Authorization", authorization);
      }
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? parse(response.body()) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Sums the counters over their tags; null when the text has none of them. */
  static @Nullable DatabaseResult parse(String text) {
    Map<String, Double> sums = new HashMap<>();
    for (String line : text.split("\n")) {
      for (String counter : COUNTERS) {
        if (line.startsWith(counter) && " {".indexOf(line.charAt(counter.length())) >= 0) {
          String value = line.substring(line.lastIndexOf('}') + 1).strip();
          String number = value.startsWith(counter) ? value.substring(counter.length()) : value;
          if (!counter.equals(TRANSACTIONS) || line.contains(DONE)) {
            sums.merge(counter, Double.parseDouble(number.strip().split(" ")[0]), Double::sum);
          }
        }
      }
    }
    if (!sums.containsKey(WRITES)) {
      return null;
    }
    return new DatabaseResult(
        count(sums, WRITES), count(sums, ROWS), count(sums, TRANSACTIONS), count(sums, COALESCED));
  }

  private static long count(Map<String, Double> sums, String name) {
    return Math.round(sums.getOrDefault(name, 0.0));
  }

  /**
   * What was counted between two readings; a server that began anew meanwhile counts from its
   * start. Null when a server of either is missing in the other.
   */
  static @Nullable DatabaseResult difference(
      Map<URI, DatabaseResult> before, Map<URI, DatabaseResult> after) {
    if (before.isEmpty() || !before.keySet().equals(after.keySet())) {
      return null;
    }
    long[] sums = new long[4];
    after.forEach((server, now) -> {
      DatabaseResult then = before.get(server);
      boolean restarted = then == null || now.writes() < then.writes();
      sums[0] += now.writes() - (restarted ? 0 : then.writes());
      sums[1] += now.rows() - (restarted ? 0 : then.rows());
      sums[2] += now.transactions() - (restarted ? 0 : then.transactions());
      sums[3] += now.coalesced() - (restarted ? 0 : then.coalesced());
    });
    return new DatabaseResult(sums[0], sums[1], sums[2], sums[3]);
  }

  /** Begins a reading on a thread of its own. */
  Reading start(@Nullable RoutingTable routing) {
    return new Reading(routing);
  }

  void close() {
    http.shutdownNow();
  }

  /** A reading under way. */
  final class Reading {
    private final Thread thread;
    private volatile Map<URI, DatabaseResult> found = Map.of();

    private Reading(@Nullable RoutingTable routing) {
      thread =
          Thread.ofVirtual()
              .name("weir-load-metrics")
              .start(() -> {
                try {
                  found = read(routing);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
    }

    /** What was read, once it is. */
    Map<URI, DatabaseResult> await() throws InterruptedException {
      thread.join();
      return found;
    }
  }
}
