package io.weir.cache.redis;

import io.weir.cache.engine.EngineException;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.OtherDatabaseException;
import io.weir.cache.store.RareWarning;
import io.weir.cache.store.RowTooLargeException;
import io.weir.cache.store.StoreException;
import io.weir.model.InvalidKeyException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What failures are in the words of Redis, which decide what a client does: {@code MOVED} and
 * {@code CLUSTERDOWN} let it look for the leader, {@code TRYAGAIN} and {@code LOADING} let it come
 * again, and nothing lets it repeat what came after {@code ERR}. So a write whose outcome is not
 * known is an {@code ERR}, and the connection stays: on a lost one clients repeat.
 */
final class EngineErrors {

  private static final Logger LOG = LoggerFactory.getLogger(EngineErrors.class);

  private final Routes routes;
  private final BooleanSupplier starting;
  private final RareWarning unserved = new RareWarning(LOG, System::nanoTime);

  /**
   * @param starting whether this server has not served yet
   */
  EngineErrors(Routes routes, BooleanSupplier starting) {
    this.routes = routes;
    this.starting = starting;
  }

  /**
   * Translates.
   *
   * @param slot of the command's keys; negative when it has none
   * @param readOnly as in {@link Routes#misdirected}
   */
  Reply of(RuntimeException failure, int slot, boolean readOnly) {
    return switch (failure) {
      case EngineException e -> of(e, slot, readOnly);
      case CommandRefusedException e -> e.reply();
      case InvalidKeyException e -> invalidKey(e);
      case DatabaseBehindException e -> error("TRYAGAIN", e);
      case OtherDatabaseException e -> error("ERR", e);
      case RowTooLargeException e -> error("ERR", e);
      case StoreException e -> {
        // Where the database is, and what it says, is none of a client's business.
        unserved.of("{} commands needed the database, which does not serve: {}", 1, message(e));
        yield new Reply.Failure("ERR the database does not serve");
      }
      default -> {
        LOG.error("a command failed", failure);
        yield new Reply.Failure("ERR the server failed; its log says more");
      }
    };
  }

  private Reply of(EngineException refusal, int slot, boolean readOnly) {
    return switch (refusal) {
      case EngineException.TooMuchDirty e -> error("TRYAGAIN", e);
      case EngineException.JournalFull e -> error("TRYAGAIN", e);
      case EngineException.Overloaded e -> error("TRYAGAIN", e);
      case EngineException.OutcomeOpen e -> new Reply.Failure("ERR outcome unknown: " + message(e));
      case EngineException.NotServing e ->
          error(starting.getAsBoolean() ? "LOADING" : "CLUSTERDOWN", e);
      case EngineException.NotLeader e -> notLeader(e, slot, readOnly);
      default -> error("ERR", refusal);
    };
  }

  /** Says who leads; or that the shard has no leader, when the routes do not know better. */
  private Reply notLeader(EngineException.NotLeader e, int slot, boolean readOnly) {
    Reply misdirected = slot < 0 ? null : routes.misdirected(slot, readOnly);
    return misdirected == null ? error("CLUSTERDOWN", e) : misdirected;
  }

  /** What is no key for Weir is one for Redis, so the way out is told. */
  static Reply invalidKey(InvalidKeyException e) {
    String why = message(e);
    return new Reply.Failure(
        why.startsWith("a key is UTF-8")
            ? "ERR a key is UTF-8 text, and this one is not: use a StringRedisSerializer for keys,"
                + " or its like"
            : "ERR " + why);
  }

  private static Reply error(String word, RuntimeException e) {
    return new Reply.Failure(word + " " + message(e));
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }
}
