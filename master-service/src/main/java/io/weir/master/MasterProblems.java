package io.weir.master;

import io.weir.master.registration.InvalidRegistrationException;
import io.weir.master.registry.ForeignShardException;
import io.weir.master.registry.NoClusterException;
import io.weir.master.registry.RegistryBusyException;
import io.weir.master.registry.RegistryEmptiedException;
import io.weir.master.registry.ShardConflictException;
import io.weir.master.registry.UnreadableJournalException;
import io.weir.master.topology.InvalidQueryException;
import io.weir.master.topology.TooManyWaitersException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.ProblemWriter;
import io.weir.web.RetryAfter;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a client is told of the master's own errors. */
@RestControllerAdvice
@Order(0)
final class MasterProblems {

  private static final Logger log = LoggerFactory.getLogger(MasterProblems.class);

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> conflict(ShardConflictException e) {
    Problem problem =
        Problem.of(ProblemType.SHARD_CONFLICT, String.valueOf(e.getMessage()))
            .with("node", e.holder().value())
            .with("leaseMillis", e.lease().toMillis());
    return ProblemWriter.entity(
        e.url() == null ? problem : problem.with("url", e.url().toString()));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> foreign(ForeignShardException e) {
    return problem(ProblemType.FOREIGN_SHARD, e);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> unreadable(UnreadableJournalException e) {
    return problem(ProblemType.SHARD_CONFLICT, e);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> noCluster(NoClusterException e) {
    return later(problem(ProblemType.NO_CLUSTER, e));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> invalid(InvalidRegistrationException e) {
    return problem(e.tooLarge() ? ProblemType.VALUE_TOO_LARGE : ProblemType.BAD_REQUEST, e);
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> invalid(InvalidQueryException e) {
    return problem(ProblemType.BAD_REQUEST, e);
  }

  @ExceptionHandler({TooManyWaitersException.class, RegistryBusyException.class})
  ResponseEntity<Map<String, Object>> overloaded(RuntimeException e) {
    return later(problem(ProblemType.OVERLOADED, e));
  }

  @ExceptionHandler
  ResponseEntity<Map<String, Object>> emptied(RegistryEmptiedException e) {
    log.error("{}", e.getMessage());
    return later(problem(ProblemType.STORE_UNAVAILABLE, e));
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<Map<String, Object>> unavailable(RuntimeException e) {
    log.warn("The registry database failed: {}", e.getMessage());
    return later(
        ProblemWriter.entity(
            Problem.of(ProblemType.STORE_UNAVAILABLE, "The registry database does not answer.")));
  }

  private static ResponseEntity<Map<String, Object>> problem(ProblemType type, Exception e) {
    return ProblemWriter.entity(Problem.of(type, String.valueOf(e.getMessage())));
  }

  private static ResponseEntity<Map<String, Object>> later(
      ResponseEntity<Map<String, Object>> answer) {
    return ResponseEntity.status(answer.getStatusCode())
        .headers(answer.getHeaders())
        .header(HttpHeaders.RETRY_AFTER, Integer.toString(RetryAfter.seconds(1)))
        .body(answer.getBody());
  }
}
