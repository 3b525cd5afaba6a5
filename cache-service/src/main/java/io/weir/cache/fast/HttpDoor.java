package io.weir.cache.fast;

import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.web.LeastRate;
import io.weir.cache.web.RequestBudget;
import io.weir.model.Problem;
import io.weir.model.ProblemType;
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

  /** Answers what is for no key. */
  KvResponse elsewhere(HttpHead asked) {
    return keys.refuse(
        Problem.of(
                ProblemType.NO_SUCH_RESOURCE,
                "Nothing is found at "
                    + asked.path()
                    + " on this port, which has keys alone; everything else is on the HTTP port, "
                    + httpPort.getAsInt()
                    + ".")
            .with("httpPort", httpPort.getAsInt()));
  }

  /** Runs what has to wait. */
  static void offLoop(Runnable waiting) {
    WAITING.newThread(waiting).start();
  }
}
