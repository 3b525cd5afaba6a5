package io.weir.cache.server;

import io.weir.cache.engine.EngineException;
import io.weir.cache.journal.JournalException;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.OtherDatabaseException;
import io.weir.cache.store.RowTooLargeException;
import io.weir.cache.store.StoreException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/** What an operator's endpoint answers when it cannot do what it is asked for. */
final class EndpointProblem {

  private static final MimeType PROBLEM_JSON = MimeType.valueOf(Problem.MEDIA_TYPE);

  private EndpointProblem() {}

  static WebEndpointResponse<Object> of(ProblemType type, String detail) {
    return new WebEndpointResponse<>(
        Problem.of(type, detail).members(), type.status(), PROBLEM_JSON);
  }

  static WebEndpointResponse<Object> of(EngineException e) {
    String detail = String.valueOf(e.getMessage());
    return switch (e) {
      case EngineException.NotLeader _ -> of(ProblemType.NOT_OWNER, detail);
      case EngineException.OutcomeOpen _ -> of(ProblemType.OUTCOME_UNKNOWN, detail);
      case EngineException.NotServing _ -> of(ProblemType.NOT_SERVING, detail);
      case EngineException.Overloaded _, EngineException.TooMuchDirty _ ->
          of(ProblemType.OVERLOADED, detail);
      case EngineException.TooLarge _ -> of(ProblemType.VALUE_TOO_LARGE, detail);
      case EngineException.JournalFull _ -> of(ProblemType.JOURNAL_FULL, detail);
      case EngineException.WentBack _ -> of(ProblemType.DATABASE_WENT_BACK, detail);
      case EngineException.ConditionFailed _ -> of(ProblemType.PRECONDITION_FAILED, detail);
    };
  }

  static WebEndpointResponse<Object> of(StoreException e) {
    return of(
        switch (e) {
          case DatabaseBehindException _ -> ProblemType.DATABASE_BEHIND;
          case OtherDatabaseException _ -> ProblemType.DATABASE_DIFFERS;
          case RowTooLargeException _ -> ProblemType.ROW_TOO_LARGE;
          default -> ProblemType.STORE_UNAVAILABLE;
        },
        String.valueOf(e.getMessage()));
  }

  static WebEndpointResponse<Object> of(JournalException e) {
    String detail = String.valueOf(e.getMessage());
    return switch (e) {
      case JournalException.OutcomeOpen _ -> of(ProblemType.OUTCOME_UNKNOWN, detail);
      case JournalException.QueueFull _ -> of(ProblemType.OVERLOADED, detail);
      case JournalException.NotLeading _, JournalException.Refused _ ->
          of(ProblemType.NOT_SERVING, detail);
    };
  }

  /** This server does not lead its shard. */
  static WebEndpointResponse<Object> notLeading() {
    return of(ProblemType.NOT_OWNER, "this server does not lead its shard; ask the leader");
  }
}
