package io.weir.cache.door;

import io.weir.cache.kv.Value;
import io.weir.model.Durability;
import io.weir.model.Headers;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
import io.weir.model.Version;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request for one key; a door writes it as it is.
 *
 * @param status the HTTP status
 * @param version becomes the {@code ETag}
 * @param value the body and its media type; null when there is none
 * @param cacheStatus how a read was answered, RFC 9211
 * @param durability what a write has reached
 * @param retryAfterSeconds 0 when the client is not told to wait
 * @param topologyVersion the topology that this server knows
 * @param problem the body of an error; null when there is none
 */
public record KvResponse(
    int status,
    @Nullable Version version,
    @Nullable Value value,
    @Nullable String cacheStatus,
    @Nullable Durability durability,
    int retryAfterSeconds,
    long topologyVersion,
    @Nullable Problem problem) {

  private static final String NO_MEDIA_TYPE = "application/octet-stream";

  /** A cache on the way may keep the answer, and asks with its version before it gives it on. */
  private static final String REVALIDATE = "no-cache";

  /** No cache on the way keeps the answer: it tells of this server and this moment. */
  private static final String KEEP_NOWHERE = "no-store";

  /**
   * What an answer depends on besides its key: an eventual one is nobody's who did not ask for one.
   */
  private static final String VARY = Headers.CONSISTENCY + ", Authorization";

  static KvResponse read(
      int status, Version version, @Nullable Value value, String cacheStatus, long topology) {
    return new KvResponse(status, version, value, cacheStatus, null, 0, topology, null);
  }

  static KvResponse written(@Nullable Version version, Durability durability, long topology) {
    return new KvResponse(204, version, null, null, durability, 0, topology, null);
  }

  static KvResponse problem(Problem problem, int retryAfterSeconds, long topology) {
    return new KvResponse(
        problem.type().status(), null, null, null, null, retryAfterSeconds, topology, problem);
  }

  KvResponse withCacheStatus(String status) {
    return new KvResponse(
        this.status,
        version,
        value,
        status,
        durability,
        retryAfterSeconds,
        topologyVersion,
        problem);
  }

  /**
   * The media type of the value; {@code application/octet-stream} when it was put without one, or
   * its row has one that no header can hold.
   */
  public String contentType() {
    String type = value == null ? null : value.contentType();
    return type == null || !isPrintable(type) ? NO_MEDIA_TYPE : type;
  }

  /** Whether a text is printable ASCII. */
  static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /** Hands over every header field but those of the body. */
  public void forEachHeader(BiConsumer<String, String> consumer) {
    consumer.accept(Headers.TOPOLOGY_VERSION, Long.toString(topologyVersion));
    if (version != null) {
      consumer.accept("ETag", version.toEntityTag());
    }
    if (cacheStatus != null) {
      consumer.accept(Headers.CACHE_STATUS, cacheStatus);
    }
    if (durability != null) {
      consumer.accept(Headers.DURABILITY, durability.toString());
    }
    if (retryAfterSeconds > 0) {
      consumer.accept("Retry-After", Integer.toString(retryAfterSeconds));
    }
    if (problem == null ? status != 204 : tellsOfTheEntry(problem.type())) {
      consumer.accept("Cache-Control", REVALIDATE);
      consumer.accept("Vary", VARY);
    } else if (problem != null) {
      consumer.accept("Cache-Control", KEEP_NOWHERE);
    }
    if (status == 415) {
      consumer.accept("Accept-Encoding", "identity");
    }
    if (status == 405) {
      consumer.accept("Allow", "GET, HEAD, PUT, DELETE");
    }
  }

  private static boolean tellsOfTheEntry(ProblemType type) {
    return type == ProblemType.NOT_FOUND || type == ProblemType.PRECONDITION_FAILED;
  }
}
