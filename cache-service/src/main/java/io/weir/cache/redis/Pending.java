package io.weir.cache.redis;

import io.weir.cache.engine.Bulk;

/**
 * The place of a reply among those of its connection, which go out in the order of the requests.
 *
 * <p><b>Concurrency.</b> Of any thread, unless it is said.
 */
public interface Pending {

  /** Replies, once. It goes out at once on the event loop, and else with {@link #bulk}. */
  void reply(Reply reply);

  /** Replies, once, what a failure of the engine or of the store means to a client. */
  default void fail(RuntimeException why) {
    reply(new Reply.Failure("ERR " + why.getMessage()));
  }

  /** What brings replies of other threads to the event loop. To be called after they were given. */
  Bulk bulk();

  /**
   * Runs something that may wait in a virtual thread, and lets the next command of the connection
   * begin only when that ends: until then the write that it starts has its place in the order. What
   * it throws becomes the reply. Of the event loop.
   */
  void offLoop(Runnable waiting);
}
