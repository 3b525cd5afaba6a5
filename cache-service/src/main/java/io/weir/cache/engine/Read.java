package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;

/**
 * The answer to a read.
 *
 * @param what the key holds, an expired value being absent
 * @param hit whether it was resident
 * @param stored whether it is resident now
 */
public record Read(Versioned what, boolean hit, boolean stored) {}
