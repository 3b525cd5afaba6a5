package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.DirtyStatistics;
import io.weir.model.operator.DrainReport;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** {@code /actuator/drain}: makes this server ready to be stopped, or takes it back. */
@Endpoint(id = "drain")
final class DrainEndpoint {

  private final Drain drain;
  private final CacheEngine engine;
  private final ShardServer server;

  DrainEndpoint(Drain drain, CacheEngine engine, ShardServer server) {
    this.drain = drain;
    this.engine = engine;
    this.server = server;
  }

  @ReadOperation
  DrainReport report() {
    DirtyStatistics now = engine.statistics().dirty();
    ShardGroup group = server.group();
    return new DrainReport(
        drain.state().name().toLowerCase(Locale.ROOT),
        group == null ? "none" : group.claim() == null ? "replica" : "leader",
        drain.refusesWrites(),
        now.entries(),
        now.quarantinedEntries(),
        now.memoryOnlyEntries());
  }

  /**
   * Drains, and waits for it; goes on after the time-out.
   *
   * @param timeout such as 30s
   */
  @WriteOperation
  DrainReport drain(@Nullable String timeout) throws InterruptedException {
    var wait = WaitParameter.parse(timeout);
    drain.begin();
    boolean _ = drain.await(wait);
    return report();
  }

  /** Lets this server lead and take writes again. */
  @DeleteOperation
  DrainReport undo() throws InterruptedException {
    drain.undo();
    return report();
  }
}
