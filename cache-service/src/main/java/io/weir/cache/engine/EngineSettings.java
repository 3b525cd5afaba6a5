package io.weir.cache.engine;

import java.time.Duration;

/**
 * The bounds of an engine; validated where they are configured.
 *
 * @param maxBytes most bytes that resident entries retain
 * @param maxEntries most resident entries
 * @param stripes how many parts the table is locked in; a power of two
 * @param lock how reads of resident entries are kept apart from changes
 * @param policy which entries leave for room
 * @param maxDirtyBytes high watermark: most bytes that are dirty or being written
 * @param lowWatermarkBytes dirty bytes above which write-back does not wait for entries to age
 * @param maxQuarantinedBytes most bytes of rows that the database refuses
 * @param maxWriteWait how long a write waits for room above the high watermark
 * @param maxWaitingWrites how many writes may wait so at once
 * @param maxLoads most reads of the database at once
 * @param maxLoadWait how long a miss waits for one of those
 * @param maxKeyWait how long a request waits for other requests of the same key
 */
public record EngineSettings(
    long maxBytes,
    long maxEntries,
    int stripes,
    TableLock lock,
    EvictionPolicy policy,
    long maxDirtyBytes,
    long lowWatermarkBytes,
    long maxQuarantinedBytes,
    Duration maxWriteWait,
    int maxWaitingWrites,
    int maxLoads,
    Duration maxLoadWait,
    Duration maxKeyWait) {

  /** Most entries that are dirty or being written: the share of all that the bytes have. */
  long maxDirtyEntries() {
    return maxEntries == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(1, (long) (maxEntries * ((double) maxDirtyBytes / maxBytes)));
  }

  /** Entries above which write-back does not wait for them to age, whatever their bytes: half. */
  long manyDirtyEntries() {
    return maxDirtyEntries() / 2;
  }
}
