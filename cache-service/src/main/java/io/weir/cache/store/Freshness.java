package io.weir.cache.store;

/** Whether what a database answers holds the flushes that it has acknowledged. */
final class Freshness {

  /** The number of a database whose row of it is gone, so that nothing of it counts. */
  static final long NOTHING = -1;

  private Freshness() {}

  /**
   * Rejects an answer that is too old.
   *
   * @param found the number of the last flush that it holds
   */
  static void require(long found, long atLeast) {
    if (found < atLeast) {
      throw behind(found, atLeast);
    }
  }

  /** Of an answer that is too old. */
  static DatabaseBehindException behind(long found, long atLeast) {
    return new DatabaseBehindException(
        "what the database answers is as of flush %d, and flush %d was acknowledged: the address"
                .formatted(found, atLeast)
            + " leads to a server that lags behind, or to another one");
  }
}
