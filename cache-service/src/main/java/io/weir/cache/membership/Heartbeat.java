package io.weir.cache.membership;

import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this server's lease again and again, and follows the topology. A master that does not
 * answer changes nothing but the log: what this server owns is its own, as long as its database
 * says so too, which is asked whenever no master has confirmed it.
 *
 * <p><b>Concurrency.</b> The scheduler's thread sends the heartbeats, and does nothing else that
 * may take long: what is made of the answers, and the topology, are for others to work at, or a
 * slow database or a slow {@code /caches} would let the lease run out.
 */
public final class Heartbeat {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  /** The pace while no master has said one. */
  private static final long DEFAULT_MILLIS = 2_000;

  /** Until the next try after one that failed, for as long as the lease may still run. */
  private static final long HURRIED_MILLIS = 500;

  /** No master is asked more often, whatever it says. */
  private static final long LEAST_MILLIS = 10;

  private final MasterClient masters;
  private final TopologyView topology;
  private final Supplier<RegistrationRequest> self;
  private final Consumer<RegistrationResponse> answered;
  private final Runnable unconfirmed;
  private final ScheduledExecutorService scheduler;
  private final Executor fetcher;

  /** Set while the topology is fetched. */
  private final AtomicBoolean fetching = new AtomicBoolean();

  /** How many more failures are followed by a hurried try: one lease's worth. */
  private int hurried;

  /** Why the last heartbeat was not taken; empty when it was. So that the log says it once. */
  private String trouble = "";

  /**
   * @param self what to register, made anew for each heartbeat
   * @param answered told every answer; not to take long
   * @param unconfirmed called after each heartbeat that no master took; not to take long
   * @param scheduler of one thread, which is the caller's to shut down
   * @param fetcher runs what reads the topology
   */
  public Heartbeat(
      MasterClient masters,
      TopologyView topology,
      Supplier<RegistrationRequest> self,
      Consumer<RegistrationResponse> answered,
      Runnable unconfirmed,
      ScheduledExecutorService scheduler,
      Executor fetcher) {
    this.masters = masters;
    this.topology = topology;
    this.self = self;
    this.answered = answered;
    this.unconfirmed = unconfirmed;
    this.scheduler = scheduler;
    this.fetcher = fetcher;
  }

  /** Registers at once, and from then on at the master's pace. */
  public void start() {
    schedule(0);
  }

  /** Registers once more as soon as possible: what this server says of itself has changed. */
  public void soon() {
    try {
      scheduler.execute(() -> {
        long _ = beatOnce();
      });
    } catch (RejectedExecutionException e) {
      LOG.debug("heartbeats have ended");
    }
  }

  private void beat() {
    schedule(beatOnce());
  }

  /** Returns how long to wait for the next one. */
  private long beatOnce() {
    long next = DEFAULT_MILLIS;
    try {
      next = register();
    } catch (RuntimeException e) {
      LOG.error("the heartbeat failed", e);
    }
    return next;
  }

  /** Returns how long to wait for the next heartbeat. */
  private long register() {
    String refusal;
    try {
      RegistrationResponse response = masters.register(self.get());
      if (response.topologyVersion() != topology.topologyVersion()
          && fetching.compareAndSet(false, true)) {
        fetcher.execute(this::fetch);
      }
      if (!trouble.isEmpty()) {
        LOG.info(
            "a master takes heartbeats again, topology version {}", topology.topologyVersion());
      }
      trouble = "";
      hurried = (int) Math.min(100, response.leaseMillis() / HURRIED_MILLIS);
      answered.accept(response);
      return Math.max(LEAST_MILLIS, response.heartbeatMillis());
    } catch (MasterUnreachableException e) {
      refusal = String.valueOf(e.getMessage());
      if (trouble.isEmpty()) {
        LOG.warn("{}; serving goes on", refusal);
      }
    } catch (RegistrationRefusedException e) {
      refusal = String.valueOf(e.getMessage());
      if (!refusal.equals(trouble)) {
        LOG.error("the master refuses the heartbeat: {}", refusal);
      }
    }
    trouble = refusal;
    unconfirmed.run();
    return hurried-- > 0 ? HURRIED_MILLIS : DEFAULT_MILLIS;
  }

  private void fetch() {
    try {
      topology.learn(masters.topology());
    } catch (MasterUnreachableException | RegistrationRefusedException e) {
      LOG.debug("the topology stays as it is until the next heartbeat: {}", e.getMessage());
    } finally {
      fetching.set(false);
    }
  }

  private void schedule(long millis) {
    try {
      var _ = scheduler.schedule(this::beat, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Shut down meanwhile: that was the last one.
      LOG.debug("heartbeats end");
    }
  }
}
