package io.weir.cache.redis;

import java.time.Instant;

/**
 * What {@code INFO}, {@code CONFIG} and {@code HELLO} tell of this process, and what does not
 * change.
 *
 * @param version of Weir
 * @param startedAt when it began to serve this protocol
 * @param maxValueBytes most bytes of a value
 * @param maxClients most connections of the fast port
 * @param evictionPolicy in the words of Redis's {@code maxmemory-policy}
 * @param asksForTokens whether a client has to log in
 */
public record ServerFacts(
    String version,
    Instant startedAt,
    int maxValueBytes,
    int maxClients,
    String evictionPolicy,
    boolean asksForTokens) {

  /**
   * The version of Redis whose commands these are. Clients compare it, and take what they do by it.
   */
  static final String REDIS_VERSION = "7.2.0";
}
