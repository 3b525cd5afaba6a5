package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a cache server says in every heartbeat of how busy it is. Rates are of the time since the
 * heartbeat before; totals start at 0 with its process.
 *
 * @param getsPerSecond reads answered
 * @param putsPerSecond puts and deletes acknowledged
 * @param hitRatio share of those reads that memory answered, 0 to 1; null when there were none
 * @param entries resident entries
 * @param bytes bytes that the resident entries retain
 * @param maxBytes bound of {@code bytes}
 * @param dirtyEntries acknowledged and not yet in the database
 * @param dirtyBytes likewise, in bytes
 * @param oldestDirtyAgeSeconds age of the oldest of those; 0 when there is none
 * @param lossBoundEntries acknowledged, and lost if the process crashes now
 * @param lossBoundBytes likewise, in bytes
 * @param lossBoundAgeSeconds no older than this is the oldest of those; 0 when there is none
 * @param flushesPerSecond flushes that the database acknowledged
 * @param rowsFlushed versions that the database acknowledged, in total
 * @param coalesced writes that never became a statement, in total
 * @param quarantined rows that the database refuses
 * @param shed writes refused because too much was dirty, in total
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ServerFigures(
    double getsPerSecond,
    double putsPerSecond,
    @Nullable Double hitRatio,
    long entries,
    long bytes,
    long maxBytes,
    long dirtyEntries,
    long dirtyBytes,
    double oldestDirtyAgeSeconds,
    long lossBoundEntries,
    long lossBoundBytes,
    double lossBoundAgeSeconds,
    double flushesPerSecond,
    long rowsFlushed,
    long coalesced,
    long quarantined,
    long shed) {

  /** The figures of a server that has served nothing yet. */
  public static final ServerFigures NONE =
      new ServerFigures(0, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Rejects what no server can mean. */
  public ServerFigures {
    notNegative("getsPerSecond", getsPerSecond);
    notNegative("putsPerSecond", putsPerSecond);
    notNegative("oldestDirtyAgeSeconds", oldestDirtyAgeSeconds);
    notNegative("lossBoundAgeSeconds", lossBoundAgeSeconds);
    notNegative("flushesPerSecond", flushesPerSecond);
    if (hitRatio != null && !(hitRatio >= 0 && hitRatio <= 1)) {
      throw new IllegalArgumentException("hitRatio is 0 to 1, got " + hitRatio);
    }
  }

  private static void notNegative(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is 0 or more, got " + value);
    }
  }
}
