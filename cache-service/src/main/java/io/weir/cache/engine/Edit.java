package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/**
 * What a write makes of one key.
 *
 * @param value null to delete it
 */
public record Edit(Key key, @Nullable Value value) {}
