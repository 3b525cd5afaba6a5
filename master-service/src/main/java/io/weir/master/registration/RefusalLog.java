package io.weir.master.registration;

import io.weir.master.registry.RegistrationRefusedException;
import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs a refusal once, and not again while the same node repeats the same request: a refused server
 * asks again every second or so.
 *
 * <p><b>Concurrency.</b> Its monitor guards the map, which remembers at most {@value #MOST} nodes.
 */
final class RefusalLog {

  private static final Logger log = LoggerFactory.getLogger("registry");
  private static final int MOST = 1_000;

  private final Map<NodeId, String> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NodeId, String> eldest) {
          return size() > MOST;
        }
      };

  void refused(RegistrationRequest request, RegistrationRefusedException reason) {
    String what =
        reason.getClass().getSimpleName()
            + request.shardId()
            + request.role()
            + request.generation()
            + "."
            + request.term();
    boolean repeated;
    synchronized (refused) {
      repeated = what.equals(refused.put(request.nodeId(), what));
    }
    if (!repeated) {
      log.warn("refused: {}", reason.getMessage());
    }
  }

  void taken(NodeId node) {
    synchronized (refused) {
      refused.remove(node);
    }
  }
}
