package io.weir.cache.redis;

/**
 * A command of Redis.
 *
 * <p><b>Concurrency.</b> Run by the connection's event loop, which it must not keep waiting: what
 * waits goes to {@link Pending#offLoop}.
 */
public interface Command {

  /**
   * Whether it may run while earlier commands of its connection have no outcome. A write may, blind
   * or decided by the engine on what is proposed for its keys: earlier writes have their place in
   * the order by then, and reads of its keys are done. So may what concerns neither keys nor their
   * order. Any other runs once all earlier ones are answered: what reads the table alone, since
   * that shows only what is applied; and what replies with a whole value, which stays in memory
   * until its turn comes, so that a connection waits for one of them at most.
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
