package io.weir.lab.demo;

import io.weir.client.WeirClient;
import io.weir.client.operator.ClusterFlush;
import io.weir.lab.cluster.Console;
import io.weir.lab.cluster.LocalCluster;
import io.weir.load.verify.CacheAudit;
import io.weir.load.verify.DatabaseAudit;
import io.weir.load.verify.Findings;
import io.weir.load.verify.KeyReader;
import io.weir.load.verify.WriteLog;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Locale;

/**
 * Looks for every acknowledged write: first through the caches, then, once all is written back, in
 * the databases. A key's last acknowledged write stands for those before it.
 */
final class Audit {

  private final Console console;
  private final LocalCluster cluster;

  Audit(Console console, LocalCluster cluster) {
    this.console = console;
    this.cluster = cluster;
  }

  /**
   * Does it and says what it found.
   *
   * @param reader reads through the caches
   * @return whether nothing is missing
   */
  boolean run(WriteLog log, WeirClient client, KeyReader reader)
      throws InterruptedException, SQLException {
    Findings inCaches = new CacheAudit(log, reader, console::progress).run();
    boolean flushed = flush(client);
    Findings inDatabases = new DatabaseAudit(log, cluster.shardUrls(), console::progress).run();
    BitSet wrong = inCaches.wrong();
    wrong.or(inDatabases.wrong());
    console.result(summary(log.acknowledged(), wrong.cardinality()));
    if (wrong.isEmpty()) {
      return flushed;
    }
    console.result("  " + inCaches.describe());
    console.result("  " + inDatabases.describe());
    if (cluster.cacheServerDeaths() > 0) {
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

  private boolean flush(WeirClient client) throws InterruptedException {
    try (Console.Step step = console.step("flushing the cache servers")) {
      boolean all = new ClusterFlush(client, console::event).run();
      if (all) {
        step.done();
      }
      return all;
    }
  }
}
