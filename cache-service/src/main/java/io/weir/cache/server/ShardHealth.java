package io.weir.cache.server;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether this server serves its shard: part of readiness, not of liveness. */
@Component("shardHealthIndicator")
final class ShardHealth implements HealthIndicator {

  private final ShardServer server;

  ShardHealth(ShardServer server) {
    this.server = server;
  }

  @Override
  public Health health() {
    Stewardship stewardship = server.stewardship();
    Health.Builder health = server.isServing() ? Health.up() : Health.outOfService();
    if (stewardship != null) {
      health.withDetail("generation", stewardship.leadership().generation());
      health.withDetail("databaseTakesWrites", !stewardship.writeBack().isFailing());
    }
    return health.build();
  }
}
