package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.DirtyStatistics;
import io.weir.model.operator.FlushReport;
import io.weir.model.operator.WriteBackReport;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator's {@code writeback}: what is dirty, what the database refuses, and a flush on demand.
 */
@Endpoint(id = "writeback")
final class WriteBackEndpoint {

  private static final int MOST_ROWS = 100;

  private final CacheEngine engine;
  private final ShardServer server;

  WriteBackEndpoint(CacheEngine engine, ShardServer server) {
    this.engine = engine;
    this.server = server;
  }

  @ReadOperation
  WriteBackReport state() {
    DirtyStatistics now = engine.statistics().dirty();
    LeaderTasks leaderTasks = server.leaderTasks();
    return new WriteBackReport(
        server.isServing(),
        now.entries(),
        now.bytes(),
        now.maxBytes(),
        leaderTasks == null ? 0 : leaderTasks.writeBack().oldestDirtyAge().toMillis(),
        leaderTasks == null || !leaderTasks.writeBack().isFailing(),
        now.quarantinedEntries(),
        leaderTasks == null ? List.of() : rows(leaderTasks));
  }

  /**
   * Writes back all that is dirty now, and waits for it.
   *
   * @param timeout such as 30s
   */
  @WriteOperation
  FlushReport flush(@Nullable String timeout) throws InterruptedException {
    Duration wait = WaitParameter.parse(timeout);
    LeaderTasks leaderTasks = server.leaderTasks();
    boolean flushed = leaderTasks != null && leaderTasks.writeBack().flushAll(wait);
    DirtyStatistics now = engine.statistics().dirty();
    return new FlushReport(flushed, now.entries(), now.quarantinedEntries());
  }

  private static List<WriteBackReport.Row> rows(LeaderTasks leaderTasks) {
    return leaderTasks.writeBack().quarantined().stream()
        .limit(MOST_ROWS)
        .map(row ->
            new WriteBackReport.Row(
                row.key().toString(), row.version().value(), row.reason(), row.attempts()))
        .toList();
  }
}
