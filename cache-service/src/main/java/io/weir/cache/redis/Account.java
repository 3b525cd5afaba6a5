package io.weir.cache.redis;

/**
 * What one connection holds of the budget: the first bytes are free, so that small requests never
 * ask for any, and more are reserved in steps.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop.
 */
final class Account {

  /** What every connection may hold. */
  static final int FREE_BYTES = 4 * 1024;

  private static final int STEP_BYTES = 16 * 1024;

  private final RespBudget budget;
  private long held;
  private long reserved;
  private boolean closed;

  Account(RespBudget budget) {
    this.budget = budget;
  }

  /** Holds so many bytes more; returns false, holding no more, when there is no room. */
  boolean tryHold(long bytes) {
    long missing = missing(bytes);
    if (missing > 0) {
      if (!budget.tryReserve(missing)) {
        return false;
      }
      reserved += missing;
    }
    held += bytes;
    return true;
  }

  /** The same, whether there is room or not. */
  void hold(long bytes) {
    long missing = missing(bytes);
    if (missing > 0) {
      budget.reserve(missing);
      reserved += missing;
    }
    held += bytes;
  }

  private long missing(long bytes) {
    long beyond = held + bytes - FREE_BYTES - reserved;
    return beyond <= 0 || closed ? 0 : Math.ceilDiv(beyond, STEP_BYTES) * STEP_BYTES;
  }

  void free(long bytes) {
    held -= bytes;
    if (held <= FREE_BYTES && reserved > 0) {
      giveBack();
    }
  }

  /** Gives everything back. What is held or freed from here on is not counted. */
  void close() {
    closed = true;
    giveBack();
  }

  private void giveBack() {
    budget.release(reserved);
    reserved = 0;
  }

  /** How many bytes are held, the free ones included. */
  long held() {
    return held;
  }
}
