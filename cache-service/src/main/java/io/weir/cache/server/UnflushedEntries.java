package io.weir.cache.server;

import io.weir.cache.engine.DirtyStatistics;

/** The entries that the database does not hold, as the end of the process would leave them. */
record UnflushedEntries(DirtyStatistics now) {

  /** Whether something that was acknowledged would be lost. */
  boolean losesSomething() {
    return now.memoryOnlyEntries() > 0;
  }

  /** Whether something is not in the database. */
  boolean any() {
    return now.entries() > 0;
  }

  /** For the log. */
  @Override
  public String toString() {
    if (!any()) {
      return "nothing is left to write to the database";
    }
    return (now.entries() - now.memoryOnlyEntries())
        + " acknowledged entries wait in the journal for the database, "
        + now.quarantinedEntries()
        + " of them not taken by it; "
        + (losesSomething()
            ? now.memoryOnlyEntries()
                + " ("
                + now.memoryOnlyBytes()
                + " bytes) were kept in memory alone and are lost"
            : "none is lost");
  }
}
