package io.weir.cache.redis;

/**
 * The memory that requests and replies may take together, of all connections.
 *
 * <p><b>Concurrency.</b> Of any event loop, which it does not keep waiting.
 */
public interface RespBudget {

  /** A budget without bounds. */
  RespBudget UNBOUNDED =
      new RespBudget() {
        @Override
        public boolean tryReserve(long bytes) {
          return true;
        }

        @Override
        public void reserve(long bytes) {}

        @Override
        public void release(long bytes) {}
      };

  /** Reserves; returns false, having changed nothing, when there is no room. */
  boolean tryReserve(long bytes);

  /** Reserves, whether there is room or not: for what is there already and must be kept. */
  void reserve(long bytes);

  /** Gives back what was reserved. */
  void release(long bytes);
}
