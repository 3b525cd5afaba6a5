package io.weir.cache.kv;

import org.jspecify.annotations.Nullable;

/**
 * What a key holds: bytes, their media type, and when they expire. The array is shared, never
 * copied, and must not change.
 *
 * @param bytes the value, 0 bytes or more
 * @param contentType the media type it was put with; null when it came without one
 * @param expiresAtMillis milliseconds since the epoch; {@link #NEVER} when it does not expire
 */
@SuppressWarnings(
    "ArrayRecordComponent") // Shared on purpose; equality of values is never asked for.
public record Value(byte[] bytes, @Nullable String contentType, long expiresAtMillis) {

  /** The expiry of a value that does not expire. */
  public static final long NEVER = Long.MAX_VALUE;
}
