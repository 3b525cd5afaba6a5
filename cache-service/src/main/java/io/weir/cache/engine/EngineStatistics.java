package io.weir.cache.engine;

/**
 * A momentary view of an engine. The first block are counters since its start, the second gauges.
 *
 * @param hits reads answered from memory, negative entries included
 * @param misses reads that had to ask the database, or to wait for another that did
 * @param loadsFound reads of the database that found a row
 * @param loadsAbsent reads of the database that found none
 * @param loadsFailed reads of the database that failed
 * @param puts acknowledged puts
 * @param deletes acknowledged deletes
 * @param evictions entries evicted for room
 * @param coalesced writes that a newer one replaced before they became a statement
 * @param shed writes refused for too much dirty data
 * @param entries resident entries
 * @param bytes bytes that they retain
 * @param maxBytes bound of those
 * @param dirtyEntries entries whose version the database does not hold
 * @param dirtyBytes bytes of the dirty budget in use
 * @param maxDirtyBytes high watermark
 * @param quarantinedEntries rows that the database refuses
 * @param quarantinedBytes bytes of the quarantine's budget in use
 * @param memoryOnlyEntries dirty entries that no journal holds: a crash would lose them
 * @param memoryOnlyBytes bytes of those
 */
public record EngineStatistics(
    long hits,
    long misses,
    long loadsFound,
    long loadsAbsent,
    long loadsFailed,
    long puts,
    long deletes,
    long evictions,
    long coalesced,
    long shed,
    long entries,
    long bytes,
    long maxBytes,
    long dirtyEntries,
    long dirtyBytes,
    long maxDirtyBytes,
    long quarantinedEntries,
    long quarantinedBytes,
    long memoryOnlyEntries,
    long memoryOnlyBytes) {}
