package io.weir.cache.server;

import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.TableLock;
import io.weir.model.ByteSize;
import io.weir.web.Bounds;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The table.
 *
 * @param maxBytes most bytes that resident entries retain, overhead included; the heap must hold
 *     it, and about 100 MiB besides
 * @param maxEntries most resident entries; 0 for no bound but the bytes
 * @param stripes how many parts the table is locked in, a power of two; more let more threads write
 *     at once, fewer keep the order of eviction nearer to exact LRU. By default 64, and fewer where
 *     {@code max-bytes} is less than 512 times {@code weir.max-value-size}, so that a part has room
 *     for eight of the largest values
 * @param lock how a read of a resident entry is kept apart from changes: {@code read-write} takes
 *     the read lock of the key's part; {@code optimistic} takes none, and looks again under the
 *     lock where the part was being rebuilt
 * @param policy which entries leave for room: {@code lru}, those that were not used for longest, or
 *     {@code w-tinylfu}, those that are used seldom, so that scans and loops do not push out what
 *     is popular. Dirty entries never leave.
 */
@Validated
@ConfigurationProperties(prefix = "weir.cache", ignoreUnknownFields = false)
public record CacheSettings(
    @DefaultValue("256MiB") ByteSize maxBytes,
    @DefaultValue("0") long maxEntries,
    @Nullable Integer stripes,
    @DefaultValue("optimistic") TableLock lock,
    @DefaultValue("lru") EvictionPolicy policy) {

  private static final ByteSize SMALLEST = ByteSize.ofMiB(1);
  private static final int MOST_STRIPES = 16_384;
  private static final int USUAL_STRIPES = 64;
  private static final int VALUES_A_STRIPE = 8;

  /** Of a part that has a frequency sketch besides its entries. */
  private static final long LEAST_BYTES_WITH_A_SKETCH = 4096;

  public CacheSettings {
    Bounds.require(
        maxBytes.compareTo(SMALLEST) >= 0,
        "weir.cache.max-bytes",
        maxBytes,
        "at least " + SMALLEST);
    Bounds.require(maxEntries >= 0, "weir.cache.max-entries", maxEntries, "0 (no bound) or more");
    if (stripes != null) {
      Bounds.require(
          stripes >= 1 && stripes <= MOST_STRIPES && Integer.bitCount(stripes) == 1,
          "weir.cache.stripes",
          stripes,
          "a power of two up to " + MOST_STRIPES);
      Bounds.require(
          policy != EvictionPolicy.W_TINYLFU
              || stripes * LEAST_BYTES_WITH_A_SKETCH <= maxBytes.bytes(),
          "weir.cache.stripes",
          stripes,
          "under w-tinylfu at most one for each 4 KiB of weir.cache.max-bytes");
    }
  }

  /** How many parts, for values of a largest size. */
  int stripesFor(ByteSize maxValueSize) {
    if (stripes != null) {
      return stripes;
    }
    long most = maxBytes.bytes() / (VALUES_A_STRIPE * maxValueSize.bytes());
    return Integer.highestOneBit(Math.clamp(most, 1, USUAL_STRIPES));
  }
}
