package io.weir.cache.redis;

import java.time.Duration;

/**
 * What one connection may take.
 *
 * @param maxValueBytes most bytes of a word of a request: those of the largest value
 * @param maxRequestBytes most bytes of all words of a request together
 * @param maxPending most replies that a connection may wait for at once; beyond, its requests are
 *     not read
 * @param minBytesPerSecond what a client must send of a request that it has begun, and take of what
 *     it is sent
 * @param grace how long it may be slower than that
 * @param leaderWait how long a request is held back while nobody leads its shard
 */
public record RespLimits(
    int maxValueBytes,
    int maxRequestBytes,
    int maxPending,
    int minBytesPerSecond,
    Duration grace,
    Duration leaderWait) {

  /** Most words of a request. */
  static final int MAX_WORDS = 65_536;

  /** Most words before the client has logged in; as Redis has them. */
  static final int STRANGERS_WORDS = 10;

  /** Most bytes of all of these together, of which Redis takes as many in each. */
  static final int STRANGERS_BYTES = 16 * 1024;

  /** Most bytes of a word that is read and thrown away, to be told of; Redis takes as many. */
  static final int MAX_WORD_BYTES = 512 * 1024 * 1024;

  /** Most bytes of an inline command. */
  static final int INLINE_BYTES = 64 * 1024;

  static final int STRANGERS_INLINE_BYTES = 1024;

  /** Most bytes of a line that tells a length, its end included. */
  static final int LENGTH_LINE_BYTES = 16;

  /** Output beyond which no further request of a turn is run before it is sent. */
  static final int OUTPUT_BYTES = 64 * 1024;

  /** Input that waits, beyond which no more is read. */
  static final int INPUT_BYTES = 64 * 1024;

  private static final int MAX_PENDING = 1024;

  /** The standard ones for the largest value and the largest request that a server takes. */
  public static RespLimits of(int maxValueBytes, int maxRequestBytes) {
    return new RespLimits(
        maxValueBytes,
        maxRequestBytes,
        MAX_PENDING,
        4 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(2));
  }
}
