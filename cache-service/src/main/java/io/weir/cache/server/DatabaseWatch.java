package io.weir.cache.server;

import io.weir.cache.journal.Member;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.StoreException;
import io.weir.model.DatabaseServer;
import io.weir.model.GroupMember;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at which database server answers, tells it with the heartbeats, and compares it with what
 * the others of the group tell.
 *
 * <p><b>Concurrency.</b> It looks in a thread of its own, {@code weir-database}, so that a database
 * that stalls holds up nothing but the look: what was seen last is told meanwhile. The thread is
 * never interrupted, since H2 closes a database whose reader is.
 */
final class DatabaseWatch {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

  /** One small read; a difference is found within two of these and a heartbeat. */
  static final Duration PACE = Duration.ofSeconds(5);

  private final ThisServer self;
  private final DatabaseAgreement agreement;
  private final ShardRegistry registry;
  private final BackingStore store;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("weir-database").daemon().factory());

  DatabaseWatch(
      ThisServer self, DatabaseAgreement agreement, ShardRegistry registry, BackingStore store) {
    this.self = self;
    this.agreement = agreement;
    this.registry = registry;
    this.store = store;
  }

  /** Looks now, and again and again. */
  void start() {
    var _ = thread.scheduleWithFixedDelay(this::look, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks no more; does not wait. */
  void stop() {
    thread.shutdown();
  }

  /** No master tells any more what the others see. */
  void hearsNothing() {
    agreement.hearsNothing();
  }

  /** In its thread. */
  void look() {
    try {
      DatabaseServer seen = registry.server().orElse(null);
      if (seen != null) {
        self.sees(seen);
        agreement.sees(seen);
      }
      if (agreement.wantsNewSessions()) {
        store.renewSessions();
      }
    } catch (StoreException e) {
      LOG.debug("nobody says which database server answers: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the look at the database server failed", e);
    }
  }

  /**
   * Takes what a master says of the shard's servers.
   *
   * @param leader as the group's journal knows it
   */
  void hears(List<GroupMember> listed, boolean leads, @Nullable Member leader) {
    NodeId leading = null;
    Map<NodeId, @Nullable DatabaseServer> servers = new HashMap<>();
    for (GroupMember one : listed) {
      if (one.state() != NodeState.UP || one.nodeId().equals(self.node())) {
        continue;
      }
      servers.put(one.nodeId(), one.databaseServer());
      if (!leads && leader != null && leader.toString().equals(one.journal())) {
        leading = one.nodeId();
      }
    }
    agreement.hears(new DatabaseAgreement.Told(leads, leading, servers));
  }
}
