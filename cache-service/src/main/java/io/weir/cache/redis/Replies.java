package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Replies that many commands give. */
final class Replies {

  static final Reply ZERO = new Reply.Number(0);
  static final Reply ONE = new Reply.Number(1);

  private static final Reply NOTHING = new Reply.Bulk(new byte[0]);

  private Replies() {}

  static Reply number(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Reply.Number(value);
  }

  /** The bytes of a value, or nil. */
  static Reply value(@Nullable Value value) {
    return value == null ? Reply.NIL : bytes(value.bytes());
  }

  static Reply bytes(byte[] bytes) {
    return bytes.length == 0 ? NOTHING : new Reply.Bulk(bytes);
  }

  static Reply text(String ascii) {
    return new Reply.Bulk(ascii.getBytes(StandardCharsets.US_ASCII));
  }
}
