package io.weir.cache.kv;

import io.weir.model.Key;

/** One row of a shard, or what stands in its place: what a key holds. */
public record Row(Key key, Versioned what) {}
