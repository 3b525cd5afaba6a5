package io.weir.cache.store;

import io.weir.cache.kv.FlushSpan;

/** Whether what a database answers is of the history that this shard has written there. */
final class Freshness {

  /** The number of a database whose row of it is gone, so that nothing of it counts. */
  static final long NOTHING = -1;

  private Freshness() {}

  /**
   * Rejects an answer that does not count.
   *
   * @param found the number of the last flush that it holds
   */
  static void require(long found, FlushSpan numbers) {
    if (!numbers.contains(found)) {
      throw outside(found, numbers);
    }
  }

  /** Of an answer that does not count. */
  static DatabaseBehindException outside(long found, FlushSpan numbers) {
    boolean isOlder = found < numbers.from();
    return new DatabaseBehindException(
        isOlder
            ? "what the database answers is as of flush %d, and flush %d was acknowledged: the"
                    .formatted(found, numbers.from())
                + " address leads to a server that lags behind, or to another one"
            : "what the database answers is as of flush %d, and this server knows of none above %d:"
                    .formatted(found, numbers.to())
                + " its journal lags behind its leader's, or the database has gone back",
        isOlder);
  }
}
