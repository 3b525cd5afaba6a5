package io.weir.cache.redis;

import io.weir.model.Durability;

/**
 * The bounds of the commands on keys.
 *
 * @param maxValueBytes most bytes of a value
 * @param durability of each write
 * @param mostKeys that {@code KEYS} looks at
 * @param flushAllowed whether {@code FLUSHALL} and {@code FLUSHDB} delete all keys
 */
public record KeySettings(
    int maxValueBytes, Durability durability, int mostKeys, boolean flushAllowed) {

  /** Of all values that one reply holds: that many of the smallest bound, or one of the largest. */
  long maxReplyBytes() {
    return Math.max(LEAST_REPLY_BYTES, maxValueBytes);
  }

  private static final long LEAST_REPLY_BYTES = 16L << 20;
}
