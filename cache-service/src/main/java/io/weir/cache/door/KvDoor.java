package io.weir.cache.door;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Read;
import io.weir.cache.engine.Written;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rules of {@code /kv/<key>}: from a request to its whole answer, errors included. It never
 * throws.
 *
 * <p>{@link #handle} blocks while the engine does; see there. {@link #begin} is for a thread that
 * must not: what it cannot answer at once it leaves to a {@link KvStep} that says what to do.
 * Stateless and safe for use by many threads.
 */
public final class KvDoor {

  private static final String HIT = "weir; hit";

  private final CacheEngine engine;
  private final Ownership ownership;
  private final DoorSettings settings;
  private final Clock clock;
  private final AsyncEngine asyncEngine;
  private final KvFailures failures;

  public KvDoor(CacheEngine engine, Ownership ownership, DoorSettings settings, Clock clock) {
    this.engine = engine;
    this.asyncEngine = new AsyncEngine(engine);
    this.failures = new KvFailures(ownership, settings);
    this.ownership = ownership;
    this.settings = settings;
    this.clock = clock;
  }

  /** Answers a request. */
  public KvResponse handle(KvRequest request) {
    try {
      return switch (step(request)) {
        case KvStep.Answered known -> known.response();
        case KvRead read -> answer(read);
        case KvWrite write -> answer(write, request);
      };
    } catch (RuntimeException e) {
      return failures.of(request.method(), e);
    }
  }

  /** Looks at the head of a request, and answers it if that can be done without waiting. */
  public KvStep begin(KvHead request) {
    try {
      KvStep step = step(request);
      if (step instanceof KvRead asked && !asked.fields().reload()) {
        Read read = asyncEngine.tryRead(asked.key(), asked.fields().consistency());
        if (read != null) {
          return new KvStep.Answered(answer(asked, read));
        }
      }
      return step;
    } catch (RuntimeException e) {
      return new KvStep.Answered(failures.of(request.method(), e));
    }
  }

  /** What is asked for, or the answer to a request that its head alone refuses. */
  private KvStep step(KvHead request) {
    return switch (request.method()) {
      case "GET", "HEAD" -> read(request);
      case "PUT", "DELETE" -> write(request);
      default ->
          new KvStep.Answered(
              failures.problem(
                  Problem.of(
                      ProblemType.METHOD_NOT_ALLOWED,
                      "a key takes GET, HEAD, PUT and DELETE, not " + request.method())));
    };
  }

  /** Answers what a door cannot make a request of. */
  public KvResponse refuse(Problem problem) {
    return failures.problem(problem);
  }

  /** Answers what a door has no room for. */
  public KvResponse refuse(OverloadedException e) {
    return failures.of("", e);
  }

  /** Answers a request whose body is of no use, for a reason that the exception tells. */
  public KvResponse refuse(KvHead request, RuntimeException e) {
    return failures.of(request.method(), e);
  }

  /** Most bytes of a value. */
  public int maxValueBytes() {
    return settings.maxValueBytes();
  }

  private KvStep read(KvHead request) {
    Key key = KeyPath.decode(request.rawKey());
    KvResponse misdirected = misdirected(key);
    if (misdirected != null) {
      return new KvStep.Answered(misdirected);
    }
    KvParameters.ttl(request.query(), false);
    return new KvRead(this, key, request.readFields());
  }

  /** Reads, and waits for it. */
  KvResponse answer(KvRead asked) {
    try {
      return answer(
          asked, engine.read(asked.key(), asked.fields().reload(), asked.fields().consistency()));
    } catch (RuntimeException e) {
      return failures.of("GET", e);
    }
  }

  private KvResponse answer(KvRead asked, Read read) {
    Versioned what = read.what();
    String status = cacheStatus(read, asked.fields().reload());
    EntityTags match = asked.fields().match();
    if (match != null && !match.matchStrongly(what)) {
      return failures.failed(what).withCacheStatus(status);
    }
    if (what.value() == null) {
      return failures
          .problem(
              Problem.of(ProblemType.NOT_FOUND, "there is no entry of key '" + asked.key() + "'"))
          .withCacheStatus(status);
    }
    EntityTags noneMatch = asked.fields().noneMatch();
    boolean unchanged = noneMatch != null && noneMatch.match(what);
    return KvResponse.read(
        unchanged ? 304 : 200,
        what.version(),
        unchanged ? null : what.value(),
        status,
        ownership.topologyVersion());
  }

  private KvStep write(KvHead request) {
    Key key = KeyPath.decode(request.rawKey());
    KvResponse misdirected = misdirected(key);
    if (misdirected != null) {
      return new KvStep.Answered(misdirected);
    }
    boolean put = request.method().equals("PUT");
    Duration ttl = KvParameters.ttl(request.query(), put);
    return new KvWrite(this, asyncEngine, key, ttl, request.writeFields(put));
  }

  /** Reads the value, once nothing is known that would refuse it: its client may still have it. */
  private KvResponse answer(KvWrite write, KvRequest request) {
    byte[] body = {};
    if (write.takesBody()) {
      engine.requireRoom(write.key());
      body = request.body(settings.maxValueBytes());
    }
    Written written =
        engine.write(write.key(), write.value(body), write.condition(), write.durability());
    return written(write.takesBody(), written);
  }

  /** The answer to a write that would be refused if its value were there; null when none is. */
  @Nullable KvResponse refusal(Key key) {
    try {
      engine.requireRoom(key);
      return null;
    } catch (RuntimeException e) {
      return failures.of("PUT", e);
    }
  }

  KvResponse written(boolean put, Written written) {
    return KvResponse.written(
        put ? written.version() : null, written.durability(), ownership.topologyVersion());
  }

  /** The durability of a write that asks for none. */
  Durability durability() {
    return settings.durability();
  }

  KvFailures failures() {
    return failures;
  }

  /** When a value expires that is put now. */
  long expiry(@Nullable Duration ttl) {
    return ttl == null ? Value.NEVER : clock.millis() + ttl.toMillis();
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
    return failures.problem(owner == null ? problem : problem.with("owner", owner.toString()));
  }
}
