package io.weir.lab.sweep;

import io.weir.client.WeirClient;
import io.weir.load.run.ServerMetrics;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Reads from the cache servers' metrics how many statements they have sent to their databases. */
final class StatementCounter {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String READS = "weir_loads_total";
  private static final String WRITES = "weir_writeback_statements_total";

  private final WeirClient client;
  private final List<String> servers;

  /**
   * @param servers their URLs
   */
  StatementCounter(WeirClient client, List<String> servers) {
    this.client = client;
    this.servers = servers;
  }

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
   * Sums them up.
   *
   * @throws io.weir.client.WeirException when a server does not give its metrics
   */
  Statements now() {
    long reads = 0;
    long writes = 0;
    for (String server : servers) {
      ServerMetrics metrics = ServerMetrics.of(client, URI.create(server), TIMEOUT);
      reads += metrics.sum(READS);
      writes += metrics.sum(WRITES);
    }
    return new Statements(reads, writes);
  }
}
