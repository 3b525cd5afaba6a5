package io.weir.model.operator;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;

/**
 * The state of a cache server's write-back.
 *
 * @param databaseTakesWrites false while flushes fail
 * @param quarantined at most 100 of the rows that the database refuses
 */
public record WriteBackReport(
    boolean serving,
    long dirtyEntries,
    long dirtyBytes,
    long maxDirtyBytes,
    long oldestDirtyAgeMillis,
    boolean databaseTakesWrites,
    long quarantinedEntries,
    List<Row> quarantined) {

  @SuppressWarnings("ConstantValue") // Jackson hands in null for an absent property.
  public WriteBackReport {
    quarantined = quarantined == null ? List.of() : List.copyOf(quarantined);
  }

  /**
   * A row that the database refuses.
   *
   * @param version text in JSON: a script's number may not hold it
   */
  public record Row(
      String key,
      @JsonFormat(shape = JsonFormat.Shape.STRING) long version,
      String reason,
      int attempts) {}
}
