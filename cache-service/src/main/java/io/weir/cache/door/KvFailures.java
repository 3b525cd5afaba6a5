package io.weir.cache.door;

import io.weir.cache.engine.EngineException;
import io.weir.cache.kv.Versioned;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.OtherDatabaseException;
import io.weir.cache.store.RareWarning;
import io.weir.cache.store.RowTooLargeException;
import io.weir.cache.store.StoreException;
import io.weir.model.InvalidKeyException;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.RetryAfter;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a request is answered with that was not served. Safe for use by many threads. */
final class KvFailures {

  private static final Logger LOG = LoggerFactory.getLogger(KvFailures.class);

  private final Ownership ownership;
  private final DoorSettings settings;
  private final RareWarning unserved = new RareWarning(LOG, System::nanoTime);

  KvFailures(Ownership ownership, DoorSettings settings) {
    this.ownership = ownership;
    this.settings = settings;
  }

  /** The answer to a request that has failed so. */
  KvResponse of(String method, RuntimeException failure) {
    return switch (failure) {
      case InvalidKeyException e -> problem(Problem.of(ProblemType.INVALID_KEY, message(e)));
      case BadRequestException e -> problem(Problem.of(ProblemType.BAD_REQUEST, message(e)));
      case UnreadableBodyException e -> problem(Problem.of(ProblemType.BAD_REQUEST, message(e)));
      case SlowBodyException e -> problem(Problem.of(ProblemType.REQUEST_TIMEOUT, message(e)));
      case UnsupportedCodingException e ->
          problem(Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, message(e)));
      case ValueTooLargeException e ->
          problem(
              Problem.of(ProblemType.VALUE_TOO_LARGE, message(e))
                  .with("maxBytes", settings.maxValueBytes()));
      case OverloadedException e -> later(ProblemType.OVERLOADED, message(e));
      case EngineException e -> refused(e);
      case DatabaseBehindException e -> later(ProblemType.DATABASE_BEHIND, message(e));
      case OtherDatabaseException e -> later(ProblemType.DATABASE_DIFFERS, message(e));
      case RowTooLargeException e -> problem(Problem.of(ProblemType.ROW_TOO_LARGE, message(e)));
      case StoreException e -> {
        // Where the database is, and what it says, is none of a client's business.
        unserved.of("{} requests needed the database, which does not serve: {}", 1, message(e));
        yield later(ProblemType.STORE_UNAVAILABLE, "the database does not serve");
      }
      case RuntimeException e -> {
        LOG.error("{} of a key failed", method, e);
        yield problem(
            Problem.of(ProblemType.INTERNAL_ERROR, "the server failed; its log says more"));
      }
    };
  }

  private KvResponse refused(EngineException refusal) {
    return switch (refusal) {
      case EngineException.ConditionFailed failed -> failed(failed.current());
      case EngineException.TooMuchDirty e -> later(ProblemType.TOO_MUCH_DIRTY, message(e));
      case EngineException.JournalFull e -> later(ProblemType.JOURNAL_FULL, message(e));
      case EngineException.TooLarge e ->
          problem(Problem.of(ProblemType.VALUE_TOO_LARGE, message(e)));
      case EngineException.Overloaded e -> later(ProblemType.OVERLOADED, message(e));
      case EngineException.WentBack e -> later(ProblemType.DATABASE_WENT_BACK, message(e));
      case EngineException.NotServing e -> later(ProblemType.NOT_SERVING, message(e));
      case EngineException.NotLeader e -> notLeader();
      case EngineException.OutcomeOpen e ->
          problem(Problem.of(ProblemType.OUTCOME_UNKNOWN, message(e)));
    };
  }

  /** The answer of a replica: who leads, or that nobody does at the moment. */
  private KvResponse notLeader() {
    URI leader = ownership.leader();
    if (leader == null) {
      return later(
          ProblemType.NOT_SERVING, "this server is a replica, and its shard has no leader now");
    }
    return problem(
        Problem.of(
                ProblemType.NOT_OWNER,
                "this server is a replica; the leader of its shard is " + leader)
            .with("term", ownership.leaderTerm())
            .with("topologyVersion", ownership.topologyVersion())
            .with("owner", leader.toString()));
  }

  /** The answer where a condition does not hold for what the key holds. */
  KvResponse failed(Versioned current) {
    Problem problem =
        Problem.of(
            ProblemType.PRECONDITION_FAILED,
            current.value() == null
                ? "the key is absent"
                : "the key is at version " + current.version());
    return problem(
        current.value() == null
            ? problem
            : problem.with("currentVersion", current.version().toString()));
  }

  private KvResponse later(ProblemType type, String detail) {
    return KvResponse.problem(
        Problem.of(type, detail),
        RetryAfter.seconds(settings.retryAfterSeconds()),
        ownership.topologyVersion());
  }

  KvResponse problem(Problem problem) {
    return KvResponse.problem(problem, 0, ownership.topologyVersion());
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }
}
