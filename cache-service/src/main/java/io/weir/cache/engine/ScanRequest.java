package io.weir.cache.engine;

import io.weir.cache.kv.RowRange;

/**
 * What a scan asks for.
 *
 * @param maxEntries bound of the page, at least 1
 * @param maxBytes bound of its values, which the last entry may exceed
 */
public record ScanRequest(RowRange range, int maxEntries, long maxBytes) {}
