package io.weir.cache.membership;

import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this server's lease again and again, and follows the topology. A master that does not
 * answer changes nothing but the log: what this server owns is its own.
 */
public final class Heartbeat {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** The pace while no master has said one. */
  private static final long DEFAULT_MILLIS = 2_000;

  private final MasterClient masters;
  private final TopologyView topology;
  private final Supplier<RegistrationRequest> self;
  private final ScheduledExecutorService scheduler;

  private boolean reachable = true;

  /**
   * @param self what to register, made anew for each heartbeat
   * @param scheduler of one thread, which is the caller's to shut down
   */
  public Heartbeat(
      MasterClient masters,
      TopologyView topology,
      Supplier<RegistrationRequest> self,
      ScheduledExecutorService scheduler) {
    this.masters = masters;
    this.topology = topology;
    this.self = self;
    this.scheduler = scheduler;
  }

  /** Registers at once, and from then on at the master's pace. */
  public void start() {
    scheduler.execute(this::beat);
  }

  private void beat() {
    long next = DEFAULT_MILLIS;
    try {
      RegistrationResponse response = masters.register(self.get());
      next = response.heartbeatMillis();
      if (response.topologyVersion() != topology.topologyVersion()) {
        topology.learn(masters.topology());
      }
      if (!reachable) {
        LOG.info("a master answers again, topology version {}", topology.topologyVersion());
      }
      reachable = true;
    } catch (MasterUnreachableException e) {
      if (reachable) {
        LOG.warn("{}; serving goes on", e.getMessage());
      }
      reachable = false;
    } catch (RegistrationRefusedException e) {
      LOG.error("the master refuses the heartbeat: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("the heartbeat failed", e);
    } finally {
      if (!scheduler.isShutdown()) {
        var _ = scheduler.schedule(this::beat, next, TimeUnit.MILLISECONDS);
      }
    }
  }
}
