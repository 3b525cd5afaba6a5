package io.weir.cache.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a member's log ends.
 *
 * @param lastIndex of its last entry, confirmed by a majority or not; 0 for an empty one
 * @param time null for an empty one, or when it cannot be told
 */
public record LogEnd(long lastIndex, @Nullable Time time) {

  /**
   * When the last entry came into the log.
   *
   * @param isSinceStart whether this process has written it, and timed it; else the time is that of
   *     the log's files
   */
  public record Time(Instant at, boolean isSinceStart) {}
}
