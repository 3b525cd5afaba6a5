package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether this server serves its shard: part of readiness, not of liveness. */
@Component("shardHealthIndicator")
final class ShardHealth implements HealthIndicator {

  private final ShardServer server;
  private final Drain drain;
  private final DatabaseAgreement agreement;
  private final CacheEngine engine;

  ShardHealth(ShardServer server, Drain drain, DatabaseAgreement agreement, CacheEngine engine) {
    this.server = server;
    this.drain = drain;
    this.agreement = agreement;
    this.engine = engine;
  }

  @Override
  public Health health() {
    Health.Builder health = server.isServing() ? Health.up() : Health.outOfService();
    ShardGroup group = server.group();
    if (group != null) {
      health.withDetail("generation", group.generation());
      health.withDetail("term", group.term());
      health.withDetail("role", group.claim() != null ? "leader" : "replica");
    }
    health.withDetail("drain", drain.state().name().toLowerCase(Locale.ROOT));
    LeaderTasks leaderTasks = server.leaderTasks();
    if (leaderTasks != null) {
      health.withDetail("databaseTakesWrites", !leaderTasks.writeBack().isFailing());
    }
    if (agreement.differs()) {
      health.withDetail("database", "another than the leader's");
    }
    if (engine.isJournalFull()) {
      health.withDetail("journal", "its disk is nearly full, writes are refused");
    }
    return health.build();
  }
}
