package io.weir.model.operator;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member knows that may be the only one left of its group, before it founds the next
 * generation with its journal.
 *
 * @param generation that the shard is in
 * @param self this member, as {@code host:port:incarnation}
 * @param others that are on record besides it
 * @param lastIndex of the last entry of its log, confirmed by a majority or not
 * @param appliedIndex of the last entry that is applied here
 * @param lastEntryAt when the last entry came into the log; null when that cannot be told
 * @param lastEntryAgeMillis since then; null when that cannot be told
 * @param lastEntryTimedBy {@code process}, which has timed it, or the log's {@code files}, as they
 *     were when the process started; null when it cannot be told
 * @param dirtyEntries as far as the log is applied
 * @param unknown what this member cannot know, a sentence each
 * @param obstacle why its journal cannot be rescued now; null where nothing stands in the way
 */
public record RescueReport(
    long generation,
    String self,
    List<Other> others,
    long lastIndex,
    long appliedIndex,
    @Nullable Instant lastEntryAt,
    @Nullable Long lastEntryAgeMillis,
    @Nullable String lastEntryTimedBy,
    long dirtyEntries,
    List<String> unknown,
    @Nullable String obstacle) {

  /** Copies the lists. */
  public RescueReport {
    others = List.copyOf(others);
    unknown = List.copyOf(unknown);
  }

  /**
   * Another member that is on record.
   *
   * @param answers whether it answers at its journal's port
   * @param listedAsUp whether a master lists it as up
   */
  public record Other(String member, boolean answers, boolean listedAsUp) {}
}
