package io.weir.master.registration;

import io.weir.master.registry.RegistrationRefusedException;
import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a refusal once, and not again while the same node repeats the same request: a refused server
 * asks again every second or so. Of nodes that are many, as those that somebody makes up, it logs
 * {@value #LINES} a minute, and then how many it has left out.
 *
 * <p><b>Concurrency.</b> Its monitor guards the map, which remembers at most {@value #MOST} nodes.
 */
final class RefusalLog {

  private static final Logger log = LoggerFactory.getLogger("registry");
  private static final int MOST = 1_000;
  private static final int LINES = 20;
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;
  private long minuteBegan;
  private int lines;
  private long unlogged;

  private final Map<NodeId, String> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, String> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param nanoTime a monotonic clock
   */
  RefusalLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void refused(RegistrationRequest request, RegistrationRefusedException reason) {
    String what =
        reason.getClass().getSimpleName()
            + request.shardId()
            + request.role()
            + request.generation()
            + "."
            + request.term();
    long left;
    synchronized (refused) {
      if (what.equals(refused.put(request.nodeId(), what)) || !isRoom()) {
        return;
      }
      left = unlogged;
      unlogged = 0;
    }
    if (left > 0) {
      log.warn("{} other refusals were left out of this log", left);
    }
    log.warn("refused: {}", reason.getMessage());
  }

  private boolean isRoom() {
    long now = nanoTime.getAsLong();
    if (lines == 0 || now - minuteBegan >= MINUTE_NANOS) {
      minuteBegan = now;
      lines = 0;
    }
    if (lines == LINES) {
      unlogged++;
      return false;
    }
    lines++;
    return true;
  }

  void taken(NodeId node) {
    synchronized (refused) {
      refused.remove(node);
    }
  }
}
