package io.weir.cache.kv;

import io.weir.model.Key;
import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * One write of one key.
 *
 * @param value what to store; null for a delete
 */
public record Write(Key key, Version version, @Nullable Value value) {

  /** Tells whether the write removes the key. */
  public boolean isDelete() {
    return value == null;
  }
}
