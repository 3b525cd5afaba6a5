package io.weir.client.operator;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.model.ListedServer;
import io.weir.model.operator.FlushReport;
import java.time.Duration;
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

  /** How long a server may take to write back all, in one request. */
  private static final Duration FLUSH = Duration.ofSeconds(10);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final WeirClient client;
  private final OperatorApi api;
  private final Consumer<String> events;

  /**
   * @param client stays open
   * @param events told what could not be flushed, and why
   */
  public ClusterFlush(WeirClient client, Consumer<String> events) {
    this.client = client;
    this.api = new OperatorApi(client, TIMEOUT);
    this.events = events;
  }

  /**
   * Does it.
   *
   * @return whether everything is in the databases
   */
  public boolean run() throws InterruptedException {
    boolean all = true;
    for (int shard = 0; shard < client.topology().shards().size(); shard++) {
      all &= flush(shard);
    }
    return all;
  }

  private boolean flush(int shard) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      String whatIsLeft;
      try {
        // Asked anew each time: the leadership may move meanwhile.
        ListedServer leader = client.refresh().topology().shards().get(shard).servingLeader();
        if (leader == null) {
          whatIsLeft = "shard " + (shard + 1) + " has no leader to flush";
        } else {
          FlushReport flush = api.flush(leader.url(), FLUSH);
          if (flush.flushed()) {
            return true;
          }
          whatIsLeft =
              "%s still has %d dirty entries after the flush, %d of them refused by the database"
                  .formatted(leader.nodeId(), flush.dirtyEntries(), flush.quarantinedEntries());
        }
      } catch (WeirException e) {
        whatIsLeft = String.valueOf(e.getMessage());
      }
      if (System.nanoTime() > deadline) {
        events.accept(whatIsLeft);
        return false;
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }
}
