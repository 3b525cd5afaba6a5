package io.weir.load.run;

import io.weir.client.RoutingTable;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.load.result.DatabaseResult;
import io.weir.model.ListedServer;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the cache servers' metrics what became of the writes.
 *
 * <p><b>Failure.</b> A server that does not give them makes the whole unknown: a sum without one
 * server would look like a saving.
 */
public final class DatabaseCounters {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String WRITES = "cache_puts_total";
  private static final String ROWS = "weir_writeback_entries_total";
  private static final String STATEMENTS = "weir_writeback_statements_total";
  private static final String COALESCED = "weir_writeback_coalesced_total";

  /** A summary over the flushes that were committed, in servers of earlier releases too. */
  private static final String TRANSACTIONS = "weir_writeback_batch_size_count";

  private static final DatabaseResult NOTHING = new DatabaseResult(0, 0, 0, 0L, 0);

  private final WeirClient client;

  /**
   * @param client stays open
   */
  public DatabaseCounters(WeirClient client) {
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
      ListedServer leader = shard.servingLeader();
      if (leader != null) {
        urls.add(leader.url());
      }
      shard.replicas().stream()
          .filter(each -> each.state() == NodeState.UP)
          .map(ListedServer::url)
          .forEach(urls::add);
    }
    return urls;
  }

  private @Nullable DatabaseResult read(URI server) {
    try {
      return of(ServerMetrics.of(client, server, TIMEOUT));
    } catch (WeirException e) {
      return null;
    }
  }

  /** The counters of one server; null when it has none of them. */
  static @Nullable DatabaseResult of(ServerMetrics metrics) {
    return metrics.has(WRITES)
        ? new DatabaseResult(
            metrics.sum(WRITES),
            metrics.sum(ROWS),
            metrics.sum(TRANSACTIONS),
            metrics.sum(STATEMENTS),
            metrics.sum(COALESCED))
        : null;
  }

  /**
   * What was counted between two readings; a server that began anew meanwhile counts from its
   * start. Null when a server of either is missing in the other.
   */
  public static @Nullable DatabaseResult difference(
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
        statements(now) - statements(then),
        writes == 0 ? 0 : now.coalesced() - then.coalesced());
  }

  private static DatabaseResult plus(DatabaseResult one, DatabaseResult other) {
    return new DatabaseResult(
        one.writes() + other.writes(),
        one.rows() + other.rows(),
        one.transactions() + other.transactions(),
        statements(one) + statements(other),
        one.coalesced() + other.coalesced());
  }

  /** Known of every server that was read. */
  private static long statements(DatabaseResult of) {
    return Objects.requireNonNull(of.statements());
  }

  /** Begins a reading on a thread of its own. */
  public Reading start(@Nullable RoutingTable routing) {
    return new Reading(routing);
  }

  /** A reading under way. */
  public final class Reading {
    private final Thread thread;
    private volatile Map<URI, DatabaseResult> found = Map.of();

    private Reading(@Nullable RoutingTable routing) {
      thread = Thread.ofVirtual().name("weir-load-metrics").start(() -> found = read(routing));
    }

    /** What was read, once it is. */
    public Map<URI, DatabaseResult> await() throws InterruptedException {
      thread.join();
      return found;
    }
  }
}
