package io.weir.cli.demo;

import io.weir.cli.load.WriteLog;
import io.weir.client.WeirClient;
import io.weir.model.Member;
import io.weir.model.Topology;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Looks for every acknowledged write: first through the caches, then, once all is written back, in
 * the databases. A key's last acknowledged write stands for those before it.
 */
final class Audit {

  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final int RETRY_MILLIS = 500;

  private final DemoConsole console;
  private final ClusterApi api;
  private final Cluster cluster;
  private final Supervisor supervisor;

  Audit(DemoConsole console, ClusterApi api, Cluster cluster, Supervisor supervisor) {
    this.console = console;
    this.api = api;
    this.cluster = cluster;
    this.supervisor = supervisor;
  }

  /**
   * Does it and says what it found.
   *
   * @return whether nothing is missing
   */
  boolean run(WriteLog log, String keyPrefix, WeirClient client)
      throws InterruptedException, SQLException {
    Findings inCaches = new CacheAudit(log, client, console).run();
    boolean flushed = flush();
    Findings inDatabases = new DatabaseAudit(log, keyPrefix, cluster.shardUrls(), console).run();
    BitSet wrong = inCaches.wrong();
    wrong.or(inDatabases.wrong());
    console.result(summary(log.acknowledged(), wrong.cardinality()));
    if (wrong.isEmpty()) {
      return flushed;
    }
    console.result("  " + inCaches.describe());
    console.result("  " + inDatabases.describe());
    if (supervisor.deaths(Role.CACHE) > 0) {
      console.result(
          "  A cache server died during the demo. With --set weir.durability=memory, writes that it"
              + " had acknowledged and not yet written back died with it.");
    }
    return false;
  }

  /** The line that scripts look for; no separators in the numbers. */
  static String summary(long acknowledged, int missing) {
    return String.format(
        Locale.ROOT, "audit: %d acknowledged writes, %d missing", acknowledged, missing);
  }

  private boolean flush() throws InterruptedException {
    boolean all = true;
    try (DemoConsole.Step step = console.step("flushing the cache servers")) {
      for (int shard = 0; shard < cluster.shardUrls().size(); shard++) {
        all &= flush(shard);
      }
      if (all) {
        step.done();
      }
    }
    return all;
  }

  private boolean flush(int shard) throws InterruptedException {
    long deadline = System.nanoTime() + FLUSH_NANOS;
    while (true) {
      // Asked anew each time: the leadership may move meanwhile.
      Topology topology = api.topology(cluster.masterUrl());
      Member leader =
          topology == null || topology.shards().size() <= shard
              ? null
              : topology.shards().get(shard).leader();
      ClusterApi.Flush flush = leader == null ? null : api.flush(leader.url().toString());
      if (flush != null && flush.flushed()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        console.event(
            (leader == null ? "shard " + (shard + 1) : leader.nodeId().toString())
                + (flush == null
                    ? " did not answer to the flush"
                    : " still has "
                        + flush.dirtyEntries()
                        + " dirty entries after the flush, "
                        + flush.quarantinedEntries()
                        + " of them refused by the database"));
        return false;
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }
}
