package io.weir.cache.fast;

import io.weir.cache.door.KvDoor;
import io.weir.cache.web.LeastRate;
import io.weir.cache.web.RequestBudget;
import io.weir.web.metrics.RequestMeters;
import io.weir.web.security.KeyGate;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntSupplier;

/**
 * What all connections that speak HTTP have in common.
 *
 * @param httpPort where everything else is answered
 */
record HttpDoor(
    KvDoor keys,
    KeyGate gate,
    RequestBudget budget,
    LeastRate leastRate,
    RequestMeters meters,
    Timeouts timeouts,
    IntSupplier httpPort) {

  private static final ThreadFactory WAITING =
      Thread.ofVirtual().name("weir-fast-wait-", 0).factory();

  /** Runs what has to wait. */
  static void offLoop(Runnable waiting) {
    WAITING.newThread(waiting).start();
  }
}
