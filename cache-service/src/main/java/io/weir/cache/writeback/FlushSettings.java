package io.weir.cache.writeback;

import java.time.Duration;

/**
 * The bounds of write-back; validated where they are configured.
 *
 * @param maxAge an entry that has been dirty for longer is flushed
 * @param lowWatermarkBytes dirty bytes above which entries are flushed without waiting for that age
 * @param batchEntries most entries of one flush
 * @param batchBytes most bytes of one flush
 * @param settle how long the database must keep what it has committed before that counts as flushed
 * @param minRetryDelay pause after the first failure; each further one doubles it
 * @param maxRetryDelay the longest pause
 */
public record FlushSettings(
    Duration maxAge,
    long lowWatermarkBytes,
    int batchEntries,
    long batchBytes,
    Duration settle,
    Duration minRetryDelay,
    Duration maxRetryDelay) {}
