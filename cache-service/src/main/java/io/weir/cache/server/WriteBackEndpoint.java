package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineStatistics;
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

  /**
   * The state of write-back.
   *
   * @param databaseTakesWrites false while flushes fail
   * @param quarantined at most 100 of the rows that the database refuses
   */
  record State(
      boolean serving,
      long dirtyEntries,
      long dirtyBytes,
      long maxDirtyBytes,
      long oldestDirtyAgeMillis,
      boolean databaseTakesWrites,
      long quarantinedEntries,
      List<Row> quarantined) {}

  /** A row that the database refuses. */
  record Row(String key, String version, String reason, int attempts) {}

  /**
   * The outcome of a flush.
   *
   * @param flushed whether all that was dirty when it was asked for is in the database now
   */
  record Flush(boolean flushed, long dirtyEntries, long quarantinedEntries) {}

  @ReadOperation
  State state() {
    EngineStatistics now = engine.statistics();
    Stewardship stewardship = server.stewardship();
    return new State(
        server.isServing(),
        now.dirtyEntries(),
        now.dirtyBytes(),
        now.maxDirtyBytes(),
        stewardship == null ? 0 : stewardship.writeBack().oldestDirtyAge().toMillis(),
        stewardship == null || !stewardship.writeBack().isFailing(),
        now.quarantinedEntries(),
        stewardship == null ? List.of() : rows(stewardship));
  }

  /**
   * Writes back all that is dirty now, and waits for it.
   *
   * @param timeout such as 30s
   */
  @WriteOperation
  Flush flush(@Nullable String timeout) throws InterruptedException {
    Duration wait = WaitParameter.parse(timeout);
    Stewardship stewardship = server.stewardship();
    boolean flushed = stewardship != null && stewardship.writeBack().flushAll(wait);
    EngineStatistics now = engine.statistics();
    return new Flush(flushed, now.dirtyEntries(), now.quarantinedEntries());
  }

  private static List<Row> rows(Stewardship stewardship) {
    return stewardship.writeBack().quarantined().stream()
        .limit(MOST_ROWS)
        .map(row ->
            new Row(row.key().toString(), row.version().toString(), row.reason(), row.attempts()))
        .toList();
  }
}
