package io.weir.cache.writeback;

/** What became of the wish to accept a database that went back. */
public enum AcceptOutcome {
  /** Its answers count from now on. */
  ACCEPTED,
  /** It has not gone back, or is accepted already. */
  NOT_WENT_BACK,
  /** It misses another number of flushes than the operator said. */
  OTHER_NUMBER,
  /**
   * What is in memory is still being written to it: accepted now, it could be read without that.
   */
  STILL_WRITING
}
