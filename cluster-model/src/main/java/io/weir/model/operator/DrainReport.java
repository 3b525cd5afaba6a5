package io.weir.model.operator;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * How far a cache server is drained, and what is left.
 *
 * @param state {@code active}, {@code draining} or {@code drained}
 * @param role {@code leader}, {@code replica}, or {@code none}
 * @param refusesWrites whether writes are answered with 503: it leads, and no other member can
 * @param dirtyEntries that the database does not hold, quarantined ones included
 * @param quarantinedEntries that the database refuses
 * @param memoryOnlyEntries of the dirty ones, what the end of the process would lose
 */
public record DrainReport(
    String state,
    String role,
    boolean refusesWrites,
    long dirtyEntries,
    long quarantinedEntries,
    long memoryOnlyEntries) {

  /** Whether the server can be stopped without anything being missed. */
  @JsonIgnore
  public boolean isDrained() {
    return state.equals("drained");
  }
}
