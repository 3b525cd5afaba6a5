package io.weir.load.result;

import org.jspecify.annotations.Nullable;

/**
 * Where the reads of a run found their entry.
 *
 * @param hits reads that the servers answered from memory, by their own account
 * @param misses reads that they answered from the database
 * @param absentReads reads that found no entry; they count as successes, unless verification knows
 *     better
 * @param hitRatio null when no answer said whether it was a hit
 */
public record Reads(long hits, long misses, long absentReads, @Nullable Double hitRatio) {

  /** Those of counts. */
  public static Reads of(long hits, long misses, long absentReads) {
    long answered = hits + misses;
    return new Reads(hits, misses, absentReads, answered == 0 ? null : (double) hits / answered);
  }
}
