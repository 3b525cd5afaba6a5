package io.weir.cli.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.cli.load.result.DatabaseResult;
import io.weir.client.OperatorRequest;
import io.weir.client.RoutingTable;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.model.Member;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static final OperatorRequest METRICS = OperatorRequest.get("/actuator/prometheus");

  private static final DatabaseResult NOTHING = new DatabaseResult(0, 0, 0, 0);

  private final WeirClient client;

  DatabaseCounters(WeirClient client) {
    this.client = client;
  }

  /** The counters of each server that is up, by its URL; empty when one does not give them. */
  private Map<URI, DatabaseResult> read(@Nullable RoutingTable routing) {
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

  private @Nullable DatabaseResult read(URI server) {
    try {
      return parse(new String(client.operate(server, METRICS, TIMEOUT), UTF_8));
    } catch (WeirException e) {
      return null;
    }
  }

  /** Sums the counters over their tags; null when the text has none of them. */
  static @Nullable DatabaseResult parse(String text) {
    Map<String, Double> sums = new HashMap<>();
    for (String line : text.lines().toList()) {
      for (String counter : COUNTERS) {
        if (line.startsWith(counter)
            && " {".indexOf(line.charAt(counter.length())) >= 0
            && (!counter.equals(TRANSACTIONS) || line.contains(DONE))) {
          sums.merge(counter, valueOf(line, counter), Double::sum);
        }
      }
    }
    if (!sums.containsKey(WRITES)) {
      return null;
    }
    return new DatabaseResult(
        count(sums, WRITES), count(sums, ROWS), count(sums, TRANSACTIONS), count(sums, COALESCED));
  }

  /** The number of a line such as {@code name{tag="}"} 12 1700000000}; a time may follow it. */
  private static double valueOf(String line, String counter) {
    int from = Math.max(counter.length(), line.lastIndexOf('}') + 1);
    String rest = line.substring(from).strip();
    int end = rest.indexOf(' ');
    return Double.parseDouble(end < 0 ? rest : rest.substring(0, end));
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
    DatabaseResult sum = NOTHING;
    for (Map.Entry<URI, DatabaseResult> each : after.entrySet()) {
      DatabaseResult now = each.getValue();
      DatabaseResult then = before.getOrDefault(each.getKey(), NOTHING);
      sum = plus(sum, minus(now, now.writes() < then.writes() ? NOTHING : then));
    }
    return sum;
  }

  /** A server that took no write is a replica: it counts as coalesced what its leader does. */
  private static DatabaseResult minus(DatabaseResult now, DatabaseResult then) {
    long writes = now.writes() - then.writes();
    return new DatabaseResult(
        writes,
        now.rows() - then.rows(),
        now.transactions() - then.transactions(),
        writes == 0 ? 0 : now.coalesced() - then.coalesced());
  }

  private static DatabaseResult plus(DatabaseResult one, DatabaseResult other) {
    return new DatabaseResult(
        one.writes() + other.writes(),
        one.rows() + other.rows(),
        one.transactions() + other.transactions(),
        one.coalesced() + other.coalesced());
  }

  /** Begins a reading on a thread of its own. */
  Reading start(@Nullable RoutingTable routing) {
    return new Reading(routing);
  }

  /** A reading under way. */
  final class Reading {
    private final Thread thread;
    private volatile Map<URI, DatabaseResult> found = Map.of();

    private Reading(@Nullable RoutingTable routing) {
      thread = Thread.ofVirtual().name("weir-load-metrics").start(() -> found = read(routing));
    }

    /** What was read, once it is. */
    Map<URI, DatabaseResult> await() throws InterruptedException {
      thread.join();
      return found;
    }
  }
}
