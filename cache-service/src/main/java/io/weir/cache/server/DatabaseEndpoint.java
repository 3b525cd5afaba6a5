package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.DatabaseProgress;
import io.weir.cache.journal.JournalException;
import io.weir.cache.store.StoreException;
import io.weir.cache.writeback.AcceptOutcome;
import io.weir.model.ProblemType;
import io.weir.model.operator.DatabaseReport;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/database}: whether the shard's database has gone back, and the operator's word
 * that it is the right one all the same. At the leader.
 */
@Endpoint(id = "database")
final class DatabaseEndpoint {

  /** One small transaction and one append to the journal. */
  private static final int ACCEPT_SECONDS = 20;

  private final CacheEngine engine;
  private final ShardServer server;

  DatabaseEndpoint(CacheEngine engine, ShardServer server) {
    this.engine = engine;
    this.server = server;
  }

  @ReadOperation
  WebEndpointResponse<Object> state() {
    return server.leaderTasks() == null
        ? EndpointProblem.notLeading()
        : new WebEndpointResponse<>(report());
  }

  /**
   * Accepts a database that went back as it is.
   *
   * @param missing how many flushes it has lost, as the operator was told
   * @return 200; 409 when another number is missing by now, 503 while what is in memory is still
   *     being written to it
   */
  @WriteOperation
  WebEndpointResponse<Object> accept(long missing) throws InterruptedException {
    LeaderTasks tasks = server.leaderTasks();
    if (tasks == null) {
      return EndpointProblem.notLeading();
    }
    try {
      AcceptOutcome outcome =
          tasks.writeBack().acceptDatabase(missing).get(ACCEPT_SECONDS, TimeUnit.SECONDS);
      return switch (outcome) {
        case ACCEPTED, NOT_WENT_BACK -> new WebEndpointResponse<>(report());
        case OTHER_NUMBER ->
            EndpointProblem.of(
                ProblemType.PRECONDITION_FAILED,
                "the database has lost "
                    + engine.progress().now().missing()
                    + " flushes by now, not "
                    + missing);
        case STILL_WRITING ->
            EndpointProblem.of(
                ProblemType.NOT_SERVING,
                "what is in memory is still being made ready to be written to the database again;"
                    + " try again in a moment");
      };
    } catch (TimeoutException e) {
      return EndpointProblem.of(
          ProblemType.OUTCOME_UNKNOWN,
          "the database or the journal did not answer within "
              + ACCEPT_SECONDS
              + " s; it may be accepted yet");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JournalException refusal) {
        return EndpointProblem.of(refusal);
      }
      if (e.getCause() instanceof StoreException failure) {
        return EndpointProblem.of(failure);
      }
      throw new IllegalStateException("the database was not accepted", e.getCause());
    }
  }

  private DatabaseReport report() {
    DatabaseProgress.State now = engine.progress().now();
    return new DatabaseReport(now.acknowledged(), now.wentBack(), now.missing());
  }
}
