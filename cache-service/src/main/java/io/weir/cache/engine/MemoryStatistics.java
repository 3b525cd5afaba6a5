package io.weir.cache.engine;

/**
 * What is resident now, and how much had to leave. Counted by {@link MemoryBound}.
 *
 * @param entries resident entries
 * @param bytes bytes that they retain
 * @param maxBytes bound of those
 * @param evictions entries evicted for room since the engine began
 */
public record MemoryStatistics(long entries, long bytes, long maxBytes, long evictions) {}
