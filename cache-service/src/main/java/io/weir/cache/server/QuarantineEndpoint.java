package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.journal.JournalException;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.cache.writeback.DiscardOutcome;
import io.weir.cache.writeback.QuarantinedRow;
import io.weir.cache.writeback.WriteBack;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.ProblemType;
import io.weir.model.Shown;
import io.weir.model.Version;
import io.weir.model.operator.QuarantineReport;
import io.weir.model.operator.RefusedRow;
import io.weir.web.security.Caller;
import io.weir.web.security.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/quarantine}: the rows that the database refuses for their data: which they are,
 * another try, and giving one up. At the leader.
 */
@Endpoint(id = "quarantine")
final class QuarantineEndpoint {

  private static final int MOST_ROWS = 1_000;

  /** An append to the journal takes less, unless the group has lost its majority. */
  private static final int DISCARD_SECONDS = 10;

  private final CacheEngine engine;
  private final ShardServer server;

  QuarantineEndpoint(CacheEngine engine, ShardServer server) {
    this.engine = engine;
    this.server = server;
  }

  /** How many rows are tried again now. */
  record Retried(int due) {}

  /**
   * Lists them, or one with its value, to who may read keys.
   *
   * @param key the one
   */
  @ReadOperation
  WebEndpointResponse<Object> list(@Nullable String key) {
    Caller.require(Role.READ);
    WriteBack writeBack = writeBack();
    if (writeBack == null) {
      return EndpointProblem.notLeading();
    }
    Key only;
    try {
      only = key == null ? null : Key.of(key);
    } catch (InvalidKeyException e) {
      return EndpointProblem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage()));
    }
    List<RefusedRow> rows = new ArrayList<>();
    for (QuarantinedRow row : writeBack.quarantined()) {
      if ((only == null || only.equals(row.key())) && rows.size() < MOST_ROWS) {
        // One that was written anew meanwhile waits in the queue, and is refused no longer.
        engine
            .dirtySet()
            .quarantined(row.key())
            .filter(write -> write.version().equals(row.version()))
            .ifPresent(write -> rows.add(refused(row, write, only != null)));
      }
    }
    return new WebEndpointResponse<>(
        new QuarantineReport(
            engine.statistics().dirty().quarantinedEntries(),
            engine.statistics().dirty().quarantinedBytes(),
            rows));
  }

  /**
   * Tries them again at once.
   *
   * @param key only this one
   */
  @WriteOperation
  WebEndpointResponse<Object> retry(@Nullable String key) {
    WriteBack writeBack = writeBack();
    if (writeBack == null) {
      return EndpointProblem.notLeading();
    }
    try {
      List<Key> keys =
          key == null
              ? writeBack.quarantined().stream().map(QuarantinedRow::key).toList()
              : List.of(Key.of(key));
      int due = 0;
      for (Key one : keys) {
        due += writeBack.retryNow(one) ? 1 : 0;
      }
      return new WebEndpointResponse<>(new Retried(due));
    } catch (InvalidKeyException e) {
      return EndpointProblem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Gives a row up, in memory and in the journal of every member: from then on the key is what its
   * row in the database is.
   *
   * @param version which is to be given up, and no other
   * @return 200; 404 when no row of the key is refused, 412 when it is another version, 503 when
   *     other writes of the key take too long
   */
  @DeleteOperation
  WebEndpointResponse<Object> discard(String key, long version) throws InterruptedException {
    WriteBack writeBack = writeBack();
    if (writeBack == null) {
      return EndpointProblem.notLeading();
    }
    try {
      DiscardOutcome outcome =
          writeBack
              .discard(Key.of(key), new Version(version))
              .get(DISCARD_SECONDS, TimeUnit.SECONDS);
      return switch (outcome) {
        case DISCARDED -> new WebEndpointResponse<>(Map.of("discarded", true));
        case NOT_QUARANTINED ->
            EndpointProblem.of(
                ProblemType.NOT_FOUND, "the database refuses no row of key '" + key + "'");
        case OTHER_VERSION ->
            EndpointProblem.of(
                ProblemType.PRECONDITION_FAILED,
                "key '" + key + "' was written since; another version of it is refused now");
        case BUSY ->
            EndpointProblem.of(
                ProblemType.OVERLOADED,
                "other writes of key '" + key + "' take too long; nothing was discarded");
      };
    } catch (InvalidKeyException e) {
      return EndpointProblem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      return EndpointProblem.of(
          ProblemType.OUTCOME_UNKNOWN,
          "the journal did not take it within " + DISCARD_SECONDS + " s; it may do so yet");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JournalException refusal) {
        return EndpointProblem.of(refusal);
      }
      throw new IllegalStateException(
          "key '" + Shown.of(key) + "' was not discarded", e.getCause());
    }
  }

  private @Nullable WriteBack writeBack() {
    LeaderTasks leaderTasks = server.leaderTasks();
    return leaderTasks == null ? null : leaderTasks.writeBack();
  }

  private static RefusedRow refused(QuarantinedRow row, Write write, boolean withValue) {
    Value value = write.value();
    ValueText text = value == null || !withValue ? null : ValueText.of(value);
    return new RefusedRow(
        row.key().toString(),
        row.key().slot(),
        row.version().value(),
        value == null ? "delete" : "put",
        row.reason(),
        row.attempts(),
        row.age().toMillis(),
        row.nextTry().toMillis(),
        value == null ? 0 : value.bytes().length,
        value == null ? null : value.contentType(),
        value == null ? null : ValueText.expiry(value),
        text == null ? null : text.text(),
        text == null ? null : text.base64());
  }
}
