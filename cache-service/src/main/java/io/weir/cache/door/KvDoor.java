package io.weir.cache.door;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.store.DatabaseBehindException;
import io.weir.cache.store.OtherDatabaseException;
import io.weir.cache.store.RareWarning;
import io.weir.cache.store.RowTooLargeException;
import io.weir.cache.store.StoreException;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Headers;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.web.RetryAfter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of {@code /kv/<key>}: from a request to its whole answer, errors included. It never
 * throws.
 *
 * <p>Blocks while the engine does; see there. Stateless and safe for use by many threads.
 */
public final class KvDoor {

  private static final Logger LOG = LoggerFactory.getLogger(KvDoor.class);

  /** The width of the column that holds it. */
  private static final int MAX_CONTENT_TYPE = 255;

  private static final String HIT = "weir; hit";

  private final CacheEngine engine;
  private final Ownership ownership;
  private final DoorSettings settings;
  private final Clock clock;
  private final RareWarning unserved = new RareWarning(LOG, System::nanoTime);

  public KvDoor(CacheEngine engine, Ownership ownership, DoorSettings settings, Clock clock) {
    this.engine = engine;
    this.ownership = ownership;
    this.settings = settings;
    this.clock = clock;
  }

  /** Answers a request. */
  public KvResponse handle(KvRequest request) {
    try {
      return switch (request.method()) {
        case "GET", "HEAD" -> read(request);
        case "PUT", "DELETE" -> write(request);
        default ->
            problem(
                Problem.of(
                    ProblemType.METHOD_NOT_ALLOWED,
                    "a key takes GET, HEAD, PUT and DELETE, not " + request.method()));
      };
    } catch (InvalidKeyException e) {
      return problem(Problem.of(ProblemType.INVALID_KEY, message(e)));
    } catch (BadRequestException | UnreadableBodyException e) {
      return problem(Problem.of(ProblemType.BAD_REQUEST, message(e)));
    } catch (SlowBodyException e) {
      return problem(Problem.of(ProblemType.REQUEST_TIMEOUT, message(e)));
    } catch (UnsupportedCodingException e) {
      return problem(Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, message(e)));
    } catch (ValueTooLargeException e) {
      return problem(
          Problem.of(ProblemType.VALUE_TOO_LARGE, message(e))
              .with("maxBytes", settings.maxValueBytes()));
    } catch (OverloadedException e) {
      return refuse(e);
    } catch (EngineException e) {
      return refused(e);
    } catch (DatabaseBehindException e) {
      return later(ProblemType.DATABASE_BEHIND, message(e));
    } catch (OtherDatabaseException e) {
      return later(ProblemType.DATABASE_DIFFERS, message(e));
    } catch (RowTooLargeException e) {
      return problem(Problem.of(ProblemType.ROW_TOO_LARGE, message(e)));
    } catch (StoreException e) {
      // Where the database is, and what it says, is none of a client's business.
      unserved.of("{} requests needed the database, which does not serve: {}", 1, message(e));
      return later(ProblemType.STORE_UNAVAILABLE, "the database does not serve");
    } catch (RuntimeException e) {
      LOG.error("{} of a key failed", request.method(), e);
      return problem(
          Problem.of(ProblemType.INTERNAL_ERROR, "the server failed; its log says more"));
    }
  }

  /** Answers what a door cannot make a request of. */
  public KvResponse refuse(Problem problem) {
    return problem(problem);
  }

  /** Answers what a door has no room for. */
  public KvResponse refuse(OverloadedException e) {
    return later(ProblemType.OVERLOADED, message(e));
  }

  private KvResponse read(KvRequest request) {
    Key key = KeyPath.decode(request.rawKey());
    KvResponse misdirected = misdirected(key);
    if (misdirected != null) {
      return misdirected;
    }
    KvParameters.ttl(request.query(), false);
    EntityTags match = EntityTags.parse("If-Match", request.header("If-Match"));
    EntityTags noneMatch = EntityTags.parse("If-None-Match", request.header("If-None-Match"));

    boolean reload = asksToReload(request.header("Cache-Control"));
    Consistency consistency = parsed(request, Headers.CONSISTENCY, Consistency::parse);
    Read read = engine.read(key, reload, consistency);
    Versioned what = read.what();
    String status = cacheStatus(read, reload);
    if (match != null && !match.matchStrongly(what)) {
      return failed(what).withCacheStatus(status);
    }
    if (what.value() == null) {
      return problem(Problem.of(ProblemType.NOT_FOUND, "there is no entry of key '" + key + "'"))
          .withCacheStatus(status);
    }
    boolean unchanged = noneMatch != null && noneMatch.match(what);
    return KvResponse.read(
        unchanged ? 304 : 200,
        what.version(),
        unchanged ? null : what.value(),
        status,
        ownership.topologyVersion());
  }

  private KvResponse write(KvRequest request) {
    Key key = KeyPath.decode(request.rawKey());
    KvResponse misdirected = misdirected(key);
    if (misdirected != null) {
      return misdirected;
    }
    boolean put = request.method().equals("PUT");
    Duration ttl = KvParameters.ttl(request.query(), put);
    Condition condition = condition(request);
    Durability asked = parsed(request, Headers.DURABILITY, Durability::parse);
    Value value = put ? value(key, request, ttl) : null;
    Written written =
        engine.write(key, value, condition, asked == null ? settings.durability() : asked);
    return KvResponse.written(
        put ? written.version() : null, written.durability(), ownership.topologyVersion());
  }

  /** Reads the value, once nothing is known that would refuse it: its client may still have it. */
  private Value value(Key key, KvRequest request, @Nullable Duration ttl) {
    String contentType = request.header("Content-Type");
    if (contentType != null && contentType.isBlank()) {
      contentType = null;
    }
    if (contentType != null && !isStorable(contentType)) {
      throw new BadRequestException(
          "a Content-Type has at most " + MAX_CONTENT_TYPE + " printable ASCII characters");
    }
    ContentCoding.requireNone(
        request.header("Content-Encoding"),
        "a value is kept without a Content-Encoding, so it must come without one");
    if (request.header("Content-Range") != null) {
      throw new BadRequestException(
          "a put replaces the whole value, so it takes no part of one: Content-Range");
    }
    engine.requireRoom(key);
    byte[] bytes = request.body(settings.maxValueBytes());
    long expiresAt = ttl == null ? Value.NEVER : clock.millis() + ttl.toMillis();
    return new Value(bytes, contentType, expiresAt);
  }

  private static boolean isStorable(String contentType) {
    return contentType.length() <= MAX_CONTENT_TYPE && KvResponse.isPrintable(contentType);
  }

  private static Condition condition(KvRequest request) {
    EntityTags match = EntityTags.parse("If-Match", request.header("If-Match"));
    EntityTags noneMatch = EntityTags.parse("If-None-Match", request.header("If-None-Match"));
    if (match == null && noneMatch == null) {
      return Condition.NONE;
    }
    return current ->
        (match == null || match.matchStrongly(current))
            && (noneMatch == null || !noneMatch.match(current));
  }

  private static <T> @Nullable T parsed(
      KvRequest request, String name, Function<String, T> parser) {
    String header = request.header(name);
    if (header == null) {
      return null;
    }
    try {
      return parser.apply(header);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(name + ": " + e.getMessage());
    }
  }

  private static boolean asksToReload(@Nullable String cacheControl) {
    return cacheControl != null && cacheControl.toLowerCase(Locale.ROOT).contains("no-cache");
  }

  private static String cacheStatus(Read read, boolean reload) {
    if (read.hit()) {
      return HIT;
    }
    String status = reload ? "weir; fwd=request" : "weir; fwd=miss";
    return read.stored() ? status + "; stored" : status;
  }

  /** The answer to a key that another shard owns; null when this server owns it. */
  private @Nullable KvResponse misdirected(Key key) {
    int slot = key.slot();
    if (ownership.owns(slot) || !ownership.isAssigned()) {
      return null; // Ours, or the engine says that it does not serve yet.
    }
    URI owner = ownership.ownerOf(slot);
    Problem problem =
        Problem.of(
                ProblemType.NOT_OWNER,
                "slot "
                    + slot
                    + " of key '"
                    + key
                    + (owner == null
                        ? "' is not this server's, and its owner is not known here yet"
                        : "' is owned by " + owner))
            .with("slot", slot)
            .with("term", ownership.termOf(slot))
            .with("topologyVersion", ownership.topologyVersion());
    return problem(owner == null ? problem : problem.with("owner", owner.toString()));
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

  private KvResponse failed(Versioned current) {
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

  private KvResponse problem(Problem problem) {
    return KvResponse.problem(problem, 0, ownership.topologyVersion());
  }

  private static String message(RuntimeException e) {
    return String.valueOf(e.getMessage());
  }
}
