package io.weir.cache.server;

import io.weir.model.ByteSize;
import io.weir.web.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Write-back and back-pressure. Watermarks are shares of {@code weir.cache.max-bytes}.
 *
 * @param maxAge an entry that has been dirty for longer is written, and with it all that is older
 *     than a fifth of this; raising it makes fewer transactions and coalesces more writes of hot
 *     keys, lowering it shortens what a database lags behind
 * @param lowWatermark above this share of bytes that wait to be written, writing does not wait for
 *     that age: whole batches go until three quarters of the share are left
 * @param highWatermark above this share of dirty bytes, writes wait, then get 503; one of a dirty
 *     key passes if it adds nothing to what is there
 * @param quarantineShare what rows that the database refuses may hold besides
 * @param batchEntries most entries of one flush
 * @param batchSize most bytes of one flush; keep it below the database's {@code max_allowed_packet}
 * @param settle how long the database must still hold what it has committed before that counts as
 *     flushed: a failover to a replica that lags by less than this loses nothing. Meanwhile it
 *     stays dirty
 * @param maxWait how long a write waits above the high watermark
 * @param maxWaiting how many writes may wait so at once
 * @param minRetryDelay pause after a failed flush; each further failure doubles it
 * @param maxRetryDelay the longest such pause
 * @param drainTimeout how long a stop tries to write what is dirty
 */
@Validated
@ConfigurationProperties(prefix = "weir.write-back", ignoreUnknownFields = false)
public record WriteBackSettings(
    @DefaultValue("5s") Duration maxAge,
    @DefaultValue("0.25") double lowWatermark,
    @DefaultValue("0.5") double highWatermark,
    @DefaultValue("0.05") double quarantineShare,
    @DefaultValue("1000") int batchEntries,
    @DefaultValue("4MiB") ByteSize batchSize,
    @DefaultValue("0s") Duration settle,
    @DefaultValue("250ms") Duration maxWait,
    @DefaultValue("1024") int maxWaiting,
    @DefaultValue("50ms") Duration minRetryDelay,
    @DefaultValue("5s") Duration maxRetryDelay,
    @DefaultValue("60s") Duration drainTimeout) {

  private static final double MOST_PINNED = 0.9;

  public WriteBackSettings {
    Bounds.require(
        lowWatermark >= 0 && lowWatermark <= highWatermark,
        "weir.write-back.low-watermark",
        lowWatermark,
        "0 to the high watermark, " + highWatermark);
    if (!(highWatermark > 0 && quarantineShare >= 0)
        || highWatermark + quarantineShare > MOST_PINNED) {
      throw new IllegalArgumentException(
          "weir.write-back.high-watermark is "
              + highWatermark
              + " and quarantine-share is "
              + quarantineShare
              + ", together they must be above 0 and at most "
              + MOST_PINNED);
    }
    Bounds.atLeast("weir.write-back.batch-entries", batchEntries, 1);
    Bounds.atLeast("weir.write-back.batch-size", batchSize.bytes(), 1024);
    Bounds.atLeast("weir.write-back.max-waiting", maxWaiting, 0);
    Bounds.time("weir.write-back.max-age", maxAge, Duration.ZERO);
    Bounds.time("weir.write-back.max-wait", maxWait, Duration.ZERO);
    Bounds.time("weir.write-back.min-retry-delay", minRetryDelay, Duration.ofMillis(1));
    Bounds.time("weir.write-back.max-retry-delay", maxRetryDelay, Duration.ofMillis(1));
    Bounds.time("weir.write-back.drain-timeout", drainTimeout, Duration.ZERO);
    Bounds.require(
        !settle.isNegative() && (settle.isZero() || settle.compareTo(drainTimeout) < 0),
        "weir.write-back.settle",
        settle,
        "0s, or less than drain-timeout, "
            + drainTimeout.toMillis()
            + "ms, since a stop waits for it");
    Bounds.require(
        maxRetryDelay.compareTo(minRetryDelay) >= 0,
        "weir.write-back.max-retry-delay",
        maxRetryDelay,
        "at least min-retry-delay, " + minRetryDelay.toMillis() + "ms");
  }
}
