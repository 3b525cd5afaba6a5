package io.weir.cache.redis;

import io.weir.cache.kv.Value;

/**
 * Values as {@code SET} makes them. They have no media type, which HTTP shows as
 * application/octet-stream, and which takes no memory.
 */
final class Values {

  private Values() {}

  static Value of(byte[] bytes, long expiresAtMillis) {
    return new Value(bytes, null, expiresAtMillis);
  }
}
