package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineStatistics;
import io.weir.cache.kv.Leadership;
import io.weir.cache.membership.Heartbeat;
import io.weir.cache.membership.MasterClient;
import io.weir.cache.membership.MasterUnreachableException;
import io.weir.cache.membership.RegistrationRefusedException;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.NodeRole;
import io.weir.model.RegistrationResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache server's life: it asks a master for its slots, takes its shard's next generation in the
 * database, serves, and at the end writes back what is dirty and takes its leave.
 *
 * <p><b>Ordering.</b> The master is asked before the generation is taken, since it is the master
 * who knows of another live server of this shard, and taking the generation would fence that one
 * off with its dirty entries in memory. Without a master, a server whose database records its slots
 * goes on.
 *
 * <p><b>Concurrency.</b> One thread, {@code weir-membership}, starts it and sends the heartbeats; a
 * second, {@code weir-expiry}, removes expired rows. Neither is ever interrupted: H2 closes a
 * database whose reader is, and a registration that was cut off could arrive after the leave. A
 * stop and the step into leadership exclude each other, so that nothing leads after a stop.
 *
 * <p><b>Failure.</b> A server that has lost its shard learns it from its next flush, or from the
 * database when a heartbeat finds no master that confirms it, and then serves nothing.
 */
public final class ShardServer {

  private static final Logger LOG = LoggerFactory.getLogger(ShardServer.class);

  /** How long a start waits between two tries to reach a master or the database. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** After so many tries without a master, a server that knows its slots goes on alone. */
  private static final int TRIES_BEFORE_GOING_ALONE = 3;

  /** How long a stop waits for the heartbeat that is under way. */
  private static final Duration LAST_HEARTBEAT = Duration.ofSeconds(10);

  private static final int REFUSED = 1;

  private final Self self;
  private final ShardRegistry registry;
  private final MasterClient masters;
  private final TopologyView topology;
  private final CacheEngine engine;
  private final Stewardship.Parts parts;
  private final Duration drainTimeout;
  private final ProcessExit exit;

  private final ScheduledExecutorService membership = oneThread("weir-membership");
  private final ScheduledExecutorService expiry = oneThread("weir-expiry");

  /** Held for the step into leadership, and for the first of a stop. */
  private final Object step = new Object();

  private volatile @Nullable Stewardship stewardship;
  private volatile boolean stopping;
  private volatile boolean registered;
  private volatile boolean drained = true;
  private final AtomicBoolean fenced = new AtomicBoolean();
  private int tries;
  private String waitingFor = "";

  /**
   * @param exit ends the process with a status, when this server must not run
   */
  ShardServer(
      Self self,
      ShardRegistry registry,
      MasterClient masters,
      TopologyView topology,
      Stewardship.Parts parts,
      Duration drainTimeout,
      ProcessExit exit) {
    this.self = self;
    this.registry = registry;
    this.masters = masters;
    this.topology = topology;
    this.engine = parts.engine();
    this.parts = parts;
    this.drainTimeout = drainTimeout;
    this.exit = exit;
  }

  /** Starts to join the cluster; returns at once. */
  void start() {
    membership.execute(this::tryToJoin);
  }

  /** Whether this server serves its slots. */
  boolean isServing() {
    return engine.isServing();
  }

  /** The write-back and what it is bound to; null while this server does not lead. */
  @Nullable Stewardship stewardship() {
    return stewardship;
  }

  /** Whether all that was acknowledged is in the database; meaningful after {@link #stop}. */
  boolean isDrained() {
    return drained;
  }

  /** What would be lost if the process ended now, as a sentence. */
  String whatIsLeft() {
    EngineStatistics now = engine.statistics();
    if (now.dirtyEntries() == 0) {
      return "nothing is left to write to the database";
    }
    return now.dirtyEntries()
        + " acknowledged entries ("
        + (now.dirtyBytes() + now.quarantinedBytes())
        + " bytes), "
        + now.quarantinedEntries()
        + " of them refused by the database, are not in the database and are lost";
  }

  /** Refuses writes, writes back all that is dirty, and takes its leave of the master. */
  void stop() {
    synchronized (step) {
      if (stopping) {
        return;
      }
      stopping = true;
    }
    engine.refuseWrites("the server is stopping");
    Stewardship steward = stewardship;
    if (steward != null) {
      drain(steward);
    }
    engine.stepDown("the server is stopping");
    expiry.shutdown();
    membership.shutdown();
    leave();
  }

  private void drain(Stewardship steward) {
    if (!fenced.get()) {
      writeBack(steward);
    }
    steward.close();
    drained = engine.statistics().dirtyEntries() == 0;
    if (drained) {
      LOG.info("all acknowledged writes are in the database: node={}", self.node());
    } else {
      LOG.error("stopped: {}", whatIsLeft());
    }
  }

  private void writeBack(Stewardship steward) {
    LOG.info(
        "writing back {} dirty entries before the stop, for {} s at most",
        engine.statistics().dirtyEntries(),
        drainTimeout.toSeconds());
    long deadline = parts.ticker().nanos() + drainTimeout.toNanos();
    try {
      engine.awaitWrites(drainTimeout);
      steward.drain(Duration.ofNanos(Math.max(0, deadline - parts.ticker().nanos())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deregisters once no heartbeat can follow. */
  private void leave() {
    try {
      if (!membership.awaitTermination(LAST_HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a heartbeat still waits for its answer");
      }
      // Never registered: a node of this name is another process. Fenced off: it may be.
      if (registered && !fenced.get()) {
        masters.deregister(self.node());
        LOG.info("deregistered: node={}", self.node());
      }
    } catch (MasterUnreachableException | RegistrationRefusedException e) {
      LOG.warn("not deregistered, the lease runs out by itself: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryToJoin() {
    try {
      if (join()) {
        return;
      }
    } catch (StoreUnavailableException e) {
      waitingFor("the database", e);
    } catch (RegistrationRefusedException | ForeignShardException e) {
      LOG.error("this server must not run: {}", e.getMessage());
      exit.exit(REFUSED);
      return;
    } catch (RuntimeException e) {
      if (!e.toString().equals(waitingFor)) {
        LOG.error("the start failed; trying again every {} s", RETRY.toSeconds(), e);
      }
      waitingFor = e.toString();
    }
    synchronized (step) {
      if (!stopping) {
        var _ = membership.schedule(this::tryToJoin, RETRY.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** One try. Returns whether this server has its place, be it as a spare. */
  private boolean join() {
    ShardRow row = registry.readOrCreate();
    self.know(row);
    tries++;
    RegistrationResponse response = register();
    if (response == null && (row.ranges().isEmpty() || tries < TRIES_BEFORE_GOING_ALONE)) {
      return false;
    }
    if (response != null && response.slotRanges().isEmpty()) {
      topology.own(List.of());
      engine.stepDown("this server's shard is a spare: it owns no slots");
      LOG.info("spare: node={} shard={}", self.node(), row.id());
      startHeartbeat();
      return true;
    }
    if (response != null) {
      registry.assign(response.cluster(), response.shards(), response.slotRanges());
      row = registry.readOrCreate();
      self.know(row);
    } else {
      LOG.warn("no master answers; going on with the slots that the database records");
    }
    Leadership leadership = registry.takeGeneration(row.generation(), self.node()).orElse(null);
    if (leadership == null) {
      LOG.info("another server took the shard's generation meanwhile: shard={}", row.id());
      return false;
    }
    lead(row, leadership);
    return true;
  }

  private @Nullable RegistrationResponse register() {
    try {
      RegistrationResponse response = masters.register(self.registration());
      registered = true;
      topology.learn(masters.topology());
      return response;
    } catch (MasterUnreachableException e) {
      waitingFor("a master", e);
      return null;
    }
  }

  /** A line when the wait begins, and none for each further try. */
  private void waitingFor(String what, RuntimeException e) {
    if (!what.equals(waitingFor)) {
      LOG.warn(
          "waiting for {}, trying again every {} s: {}", what, RETRY.toSeconds(), e.getMessage());
    }
    waitingFor = what;
  }

  private void lead(ShardRow row, Leadership leadership) {
    synchronized (step) {
      if (stopping) {
        return;
      }
      topology.own(row.ranges());
      stewardship = new Stewardship(parts, leadership, expiry, this::fenced);
    }
    self.become(NodeRole.LEADER, leadership);
    LOG.info(
        "leading: node={} shard={} slots={} generation={} term={}",
        self.node(),
        row.id(),
        row.ranges(),
        leadership.generation(),
        leadership.term());
    startHeartbeat();
  }

  private void startHeartbeat() {
    new Heartbeat(masters, topology, self::registration, this::confirmLeadership, membership)
        .start();
  }

  /** Asks the database whether this server still leads its shard. */
  private void confirmLeadership() {
    Stewardship steward = stewardship;
    if (steward == null) {
      return;
    }
    try {
      ShardRow row = registry.readOrCreate();
      if (row.generation() != steward.leadership().generation()) {
        fenced(
            new FencedException(
                "its generation was %d, and %s has taken generation %d"
                    .formatted(steward.leadership().generation(), row.leader(), row.generation())));
      }
    } catch (StoreUnavailableException e) {
      LOG.debug("nobody says whether this server leads: {}", e.getMessage());
    }
  }

  private void fenced(FencedException e) {
    if (!fenced.compareAndSet(false, true)) {
      return;
    }
    engine.stepDown("another server has taken the shard over");
    membership.shutdown();
    expiry.shutdown();
    LOG.error(
        "fenced off, serving nothing: node={}; {}; {}", self.node(), e.getMessage(), whatIsLeft());
  }

  /** A scheduler of one thread that drops what is not due yet when it is shut down. */
  private static ScheduledExecutorService oneThread(String name) {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).daemon().factory());
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return scheduler;
  }
}
