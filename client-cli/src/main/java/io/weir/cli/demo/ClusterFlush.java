package io.weir.cli.demo;

import io.weir.model.Member;
import io.weir.model.Topology;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has the leaders write back all that is dirty.
 *
 * <p><b>Failure.</b> A leader that does not answer, or has not written back everything, is asked
 * again for a while; so is its successor.
 */
public final class ClusterFlush {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final int RETRY_MILLIS = 500;

  private final ClusterApi api;
  private final String masterUrl;
  private final Consumer<String> events;

  /**
   * @param events told what could not be flushed, and why
   */
  ClusterFlush(ClusterApi api, String masterUrl, Consumer<String> events) {
    this.api = api;
    this.masterUrl = masterUrl;
    this.events = events;
  }

  /** Flushes a cluster and returns whether everything is in the databases. */
  public static boolean of(String masterUrl, int shards, Consumer<String> events)
      throws InterruptedException {
    try (ClusterApi api = new ClusterApi()) {
      return new ClusterFlush(api, masterUrl, events).run(shards);
    }
  }

  /**
   * Does it.
   *
   * @return whether everything is in the databases
   */
  boolean run(int shards) throws InterruptedException {
    boolean all = true;
    for (int shard = 0; shard < shards; shard++) {
      all &= flush(shard);
    }
    return all;
  }

  private boolean flush(int shard) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      // Asked anew each time: the leadership may move meanwhile.
      Topology topology = api.topology(masterUrl);
      Member leader =
          topology == null || topology.shards().size() <= shard
              ? null
              : topology.shards().get(shard).leader();
      ClusterApi.Flush flush = leader == null ? null : api.flush(leader.url().toString());
      if (flush != null && flush.flushed()) {
        return true;
      }
      if (System.nanoTime() > deadline) {
        events.accept(
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
