package io.weir.cache.redis;

import io.weir.cache.engine.Edit;
import io.weir.cache.kv.Value;
import io.weir.model.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command makes of what its keys hold.
 *
 * @param edits none to leave all as it is
 * @param expiryAlone whether a value is written again only so that it expires otherwise
 */
record Decided(Reply reply, List<Edit> edits, boolean expiryAlone) {

  static Decided nothing(Reply reply) {
    return new Decided(reply, List.of(), false);
  }

  /**
   * One edit.
   *
   * @param value null to delete
   */
  static Decided edit(Key key, @Nullable Value value, Reply reply) {
    return all(List.of(new Edit(key, value)), reply);
  }

  static Decided all(List<Edit> edits, Reply reply) {
    return new Decided(reply, edits, false);
  }

  /** New bytes in the place of others, whose media type and expiry stay. */
  static Decided changed(Key key, @Nullable Value old, byte[] bytes, Reply reply) {
    return edit(
        key,
        old == null
            ? Values.of(bytes, Value.NEVER)
            : new Value(bytes, old.contentType(), old.expiresAtMillis()),
        reply);
  }

  /** The same value with another expiry. */
  static Decided expiring(Key key, Value old, long atMillis, Reply reply) {
    if (old.expiresAtMillis() == atMillis) {
      return nothing(reply);
    }
    Value value = new Value(old.bytes(), old.contentType(), atMillis);
    return new Decided(reply, List.of(new Edit(key, value)), true);
  }
}
