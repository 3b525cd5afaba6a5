package io.weir.cache.redis;

/**
 * A command of Redis.
 *
 * <p><b>Concurrency.</b> Run by the connection's event loop, which it must not keep waiting: what
 * waits goes to {@link Pending#offLoop}.
 */
public interface Command {

  /**
   * Whether it may run while earlier commands of its connection have no outcome: a blind write, or
   * what concerns neither keys nor their order. Any other runs once all earlier ones are answered.
   */
  default boolean overtakes(Request request) {
    return false;
  }

  /**
   * Whether its reply tells what a value was or has become, although it is a write: its client has
   * to be allowed to read as well.
   */
  default boolean tellsValues(Request request) {
    return false;
  }

  /** Runs; {@link Pending#reply} is called once, now or later. */
  void run(Request request, Session session, Pending pending);
}
