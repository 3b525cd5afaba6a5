package io.weir.model;

/**
 * What a cache server says about its own load in every heartbeat. Counters start at 0 with its
 * process.
 *
 * @param entries resident entries
 * @param bytes bytes that the resident entries retain
 * @param maxBytes bound of {@code bytes}
 * @param dirtyEntries acknowledged and not yet in the database
 * @param dirtyBytes likewise, in bytes
 * @param oldestDirtyAgeMillis age of the oldest of those; 0 when there is none
 * @param hits reads answered from memory
 * @param misses reads that asked the database
 * @param puts acknowledged puts and deletes
 * @param flushedEntries versions that the database acknowledged
 * @param coalesced writes that never became a statement
 * @param quarantined rows that the database refuses
 */
public record LoadFigures(
    long entries,
    long bytes,
    long maxBytes,
    long dirtyEntries,
    long dirtyBytes,
    long oldestDirtyAgeMillis,
    long hits,
    long misses,
    long puts,
    long flushedEntries,
    long coalesced,
    long quarantined) {

  /** The figures of a server that has served nothing yet. */
  public static final LoadFigures NONE = new LoadFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
