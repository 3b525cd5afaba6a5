package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.JournalDirectoryException;
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
import io.weir.cache.store.UnusableDatabaseException;
import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cache server's life: it asks a master for its slots, takes its place in its shard's group,
 * serves as the group has it, and at the end hands its leadership over, or writes back what is
 * dirty, and takes its leave.
 *
 * <p><b>Concurrency.</b> One thread, {@code weir-membership}, starts it and does what the masters'
 * answers ask for; {@code weir-heartbeat} renews the lease, whatever the first waits for; {@code
 * weir-expiry} removes expired rows. None is ever interrupted: H2 closes a database whose reader
 * is. A start that is still being tried and a stop exclude each other by one monitor.
 *
 * <p><b>Failure.</b> A server whose shard was founded anew without it must not run, and ends.
 */
public final class ShardServer {

  private static final Logger LOG = LoggerFactory.getLogger(ShardServer.class);

  /** How long a start waits between two tries to reach a master or the database. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** How long a stop waits for the heartbeat that is under way. */
  private static final Duration LAST_HEARTBEAT = Duration.ofSeconds(10);

  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  private static final int REFUSED = 1;

  /** The status of a process that has to be started again to go on. */
  static final int START_AGAIN = 4;

  private final ThisServer self;
  private final ShardRegistry registry;
  private final Joining joining;
  private final MasterClient masters;
  private final TopologyView topology;
  private final CacheEngine engine;
  private final LeaderTasks.Parts parts;
  private final ShardGroup.Parts groups;
  private final DatabaseWatch database;
  private final Duration drainTimeout;
  private final ProcessExit exit;

  private final ScheduledExecutorService membership = oneThread("weir-membership");
  private final ScheduledExecutorService expiry = oneThread("weir-expiry");
  private final ScheduledExecutorService heartbeats = oneThread("weir-heartbeat");
  private final Heartbeat heartbeat;

  /** Held for the step into the group, and for the first of a stop. */
  private final Object step = new Object();

  private volatile @Nullable ShardGroup group;
  private @Nullable GroupMembership members;
  private volatile boolean stopping;
  private volatile boolean registered;

  /** When a master took a heartbeat last; the server's own start before that. */
  private volatile long confirmedNanos;

  /** What the last heartbeat was answered with; without members while none is. */
  private volatile Heard heard = Heard.NOTHING;

  private volatile boolean drained = true;
  private final AtomicBoolean superseded = new AtomicBoolean();

  /** What the last heartbeat has come to, until the membership thread takes it. */
  private final AtomicReference<@Nullable Runnable> news = new AtomicReference<>();

  private String waitingFor = "";

  /** When the lease of another server of this name runs out, as of the first refusal; or null. */
  private @Nullable Long namesakeUntil;

  /**
   * @param exit ends the process with a status, when this server must not run
   */
  ShardServer(
      ThisServer self,
      ShardRegistry registry,
      Founding founding,
      GroupMemory memory,
      MasterClient masters,
      TopologyView topology,
      LeaderTasks.Parts parts,
      ShardGroup.Parts groups,
      DatabaseWatch database,
      Duration drainTimeout,
      ProcessExit exit) {
    this.self = self;
    this.registry = registry;
    this.masters = masters;
    this.topology = topology;
    this.engine = parts.engine();
    this.parts = parts;
    this.groups = groups;
    this.database = database;
    this.drainTimeout = drainTimeout;
    this.exit = exit;
    this.confirmedNanos = parts.ticker().nanos();
    this.joining =
        new Joining(
            self,
            registry,
            founding,
            memory,
            masters,
            topology,
            this::registered,
            e -> waitingFor("a master", String.valueOf(e.getMessage()), e));
    this.heartbeat =
        new Heartbeat(
            masters,
            topology,
            this::registration,
            this::confirmed,
            () -> tell(this::unheard),
            heartbeats,
            fetch -> Thread.ofVirtual().name("weir-topology").start(fetch));
  }

  /** Starts to join the cluster; returns at once. */
  void start() {
    database.start();
    membership.execute(this::tryToJoin);
  }

  /** Whether this server answers for its shard, be it as a replica. */
  boolean isServing() {
    return engine.isServing();
  }

  /** Whether the stop has begun. */
  boolean isStopping() {
    return stopping;
  }

  /** How long ago a master took the last heartbeat. */
  Duration unconfirmedFor() {
    return Duration.ofNanos(Math.max(0, parts.ticker().nanos() - confirmedNanos));
  }

  /** What a master says of the shard's group, as of the last heartbeat. */
  Heard heard() {
    return heard;
  }

  /** This server's part in its shard's group; null before it has one. */
  @Nullable ShardGroup group() {
    return group;
  }

  /** The write-back and what it is bound to; null while this server does not lead. */
  @Nullable LeaderTasks leaderTasks() {
    ShardGroup known = group;
    return known == null ? null : known.leaderTasks();
  }

  /** Whether nothing that was acknowledged is lost by the end; meaningful after {@link #stop}. */
  boolean isDrained() {
    return drained;
  }

  /** What would be lost if the process ended now, and what waits in the journal, as a sentence. */
  String whatIsLeft() {
    return unflushed().toString();
  }

  private UnflushedEntries unflushed() {
    return new UnflushedEntries(engine.statistics().dirty());
  }

  /** Gives the leadership to another member, if there is one, while requests are still answered. */
  void handOver() {
    ShardGroup known = group;
    if (known != null && known.claim() != null && !known.handOver(HAND_OVER)) {
      LOG.info("no other member takes over: node={}", self.node());
    }
  }

  /** Refuses writes, writes back all that is dirty, and takes its leave of the master. */
  void stop() {
    synchronized (step) {
      if (stopping) {
        return;
      }
      stopping = true;
    }
    ShardGroup known = group;
    if (known != null) {
      known.stopTakingRoles();
    }
    engine.refuseWrites("the server is stopping");
    if (known != null) {
      drain(known);
      engine.stepDown("the server is stopping");
      known.close();
    }
    engine.stepDown("the server is stopping");
    database.stop();
    expiry.shutdown();
    heartbeats.shutdown();
    membership.shutdown();
    leave();
  }

  private void drain(ShardGroup known) {
    LeaderTasks tasks = known.leaderTasks();
    // A leader whose write-back has yet to begin may have acknowledged writes all the same.
    if ((tasks == null && known.claim() == null) || superseded.get()) {
      return;
    }
    LOG.info(
        "writing back {} dirty entries before the stop, for {} s at most",
        engine.statistics().dirty().entries(),
        drainTimeout.toSeconds());
    long deadline = parts.ticker().nanos() + drainTimeout.toNanos();
    boolean idle = false;
    try {
      idle = engine.awaitWrites(drainTimeout);
      if (tasks != null) {
        tasks.drain(Duration.ofNanos(Math.max(0, deadline - parts.ticker().nanos())));
      }
      // One writer that is stuck keeps only its own key out of the journal.
      if (engine.statistics().dirty().memoryOnlyEntries() > 0) {
        boolean _ = engine.journalWhatIsInMemory(); // What is left then, is said below.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    UnflushedEntries unflushed = unflushed();
    drained = !unflushed.losesSomething();
    if (!unflushed.any()) {
      if (idle) {
        known.recordClean();
      }
      LOG.info("all acknowledged writes are in the database: node={}", self.node());
    } else if (drained) {
      LOG.warn("stopped: {}", unflushed);
    } else {
      LOG.error("stopped: {}", unflushed);
    }
  }

  /** Deregisters once no heartbeat can follow. */
  private void leave() {
    try {
      if (!heartbeats.awaitTermination(LAST_HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)
          || !membership.awaitTermination(LAST_HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a heartbeat still waits for its answer");
      }
      // Never registered: a node of this name is another process. Superseded: it may be.
      if (registered && !superseded.get()) {
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
      waitingFor("the database", "the database", e);
    } catch (RegistrationRefusedException e) {
      if (!mayRunOut(e)) {
        mustNotRun(String.valueOf(e.getMessage()));
        return;
      }
      waitingFor("another server of this name", "namesake", e);
    } catch (ForeignShardException
        | JournalDirectoryException
        | UnusableDatabaseException
        | FoundingRefusedException e) {
      mustNotRun(String.valueOf(e.getMessage()));
      return;
    } catch (RuntimeException e) {
      if (group != null) {
        LOG.error("the journal cannot be opened", e);
        exit.exit(REFUSED);
        return;
      }
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

  /**
   * Whether a refusal may end with the lease of another server of this name: it may be this one at
   * an address that it has no more. Once that lease should have run out, the other one lives.
   */
  private boolean mayRunOut(RegistrationRefusedException refusal) {
    Duration lease = refusal.lease();
    long now = parts.ticker().nanos();
    if (lease.isZero()) {
      return false;
    }
    if (namesakeUntil == null) {
      namesakeUntil = now + lease.plus(RETRY).toNanos();
    }
    return now - namesakeUntil < 0;
  }

  private void mustNotRun(String why) {
    LOG.error("this server must not run: {}", why);
    exit.exit(REFUSED);
  }

  /** One try. Returns whether this server has its place, be it as a spare. */
  private boolean join() {
    switch (joining.attempt()) {
      case Joining.Outcome.Waiting _ -> {
        return false;
      }
      case Joining.Outcome.Spare spare -> {
        topology.own(List.of());
        engine.stepDown("this server's shard is a spare: it owns no slots");
        LOG.info("spare: node={} shard={}", self.node(), spare.row().id());
        heartbeat.start();
        return true;
      }
      case Joining.Outcome.Placed placed -> {
        enter(placed.place());
        if (!placed.isConfirmed()) {
          verify(placed.place().row());
        }
        return true;
      }
    }
  }

  /** What to register with now. */
  private RegistrationRequest registration() {
    ShardGroup known = group;
    if (known != null) {
      self.writesFormat(known.journal().status().format());
    }
    return self.registration();
  }

  private void registered() {
    registered = true;
    confirmedNanos = parts.ticker().nanos();
  }

  /** A line when the wait begins or its reason is another, and none for each further try. */
  private void waitingFor(String what, String reason, RuntimeException e) {
    if (!reason.equals(waitingFor)) {
      LOG.warn(
          "waiting for {}, trying again every {} s: {}", what, RETRY.toSeconds(), e.getMessage());
    }
    waitingFor = reason;
  }

  /** Takes this server's place in the group, and waits there for what the group makes of it. */
  private void enter(Founding.Place place) {
    ShardRow row = place.row();
    self.know(row);
    self.joins(place.directory().member());
    engine.stepDown(
        "this server recovers its journal, or waits to be added to the group of its shard");
    ShardGroup entered;
    synchronized (step) {
      if (stopping) {
        return;
      }
      topology.own(row.ranges());
      entered =
          new ShardGroup(
              self,
              place,
              topology,
              parts,
              groups,
              expiry,
              new ShardGroup.Hooks(
                  heartbeat::soon, this::fenced, this::unusable, Runtime.getRuntime()::halt));
      group = entered;
      members =
          new GroupMembership(
              entered,
              engine,
              registry,
              groups.forgetAfter(),
              new GroupSize(groups.members(), registry),
              parts.ticker()::nanos);
    }
    LOG.info(
        "entering the group: node={} shard={} slots={} generation={} member={} members={}",
        self.node(),
        row.id(),
        row.ranges(),
        row.generation(),
        place.directory().member(),
        row.members());
    sayWhetherItWaits(row, place.directory().member());
    entered.start();
    heartbeat.start();
  }

  /** A line where the group's leader will not add this server, as far as this one can tell. */
  private void sayWhetherItWaits(ShardRow row, Member member) {
    int members = row.members().size();
    Integer wished = groups.members();
    boolean isNamed = row.members().stream().map(Member::parse).anyMatch(member::isSameServerAs);
    if (members > 0 && !isNamed && (wished == null || members >= wished)) {
      LOG.warn(
          "none of the {} members of its shard's group, {}: node={} waits outside unless"
              + " weir.raft.members of the leader asks for more",
          members,
          row.members(),
          self.node());
    }
  }

  /**
   * Asks the database, until it answers, whether it is the one whose row is remembered, brings its
   * tables up to date, and reads the proof that the masters may ask for.
   */
  private void verify(ShardRow remembered) {
    ShardGroup known = group;
    if (known == null) {
      return;
    }
    try {
      registry.prepare();
      ShardRow row = registry.read().orElse(null);
      if (row != null && row.id().equals(remembered.id())) {
        LOG.info("the database answers: node={} shard={}", self.node(), row.id());
        joining.prove(row);
        heartbeat.soon();
        supersededBy(row, known);
      } else {
        unusable(ReignCheck.notOf(remembered.id(), row));
      }
    } catch (StoreUnavailableException e) {
      LOG.debug("the database does not answer yet: {}", e.getMessage());
      synchronized (step) {
        if (!stopping) {
          var _ =
              membership.schedule(
                  () -> verify(remembered), RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (UnusableDatabaseException e) {
      if (giveUp(known, "this server's database cannot be used")) {
        mustNotRun(String.valueOf(e.getMessage()));
      }
    }
  }

  private void confirmed(RegistrationResponse response) {
    confirmedNanos = parts.ticker().nanos();
    tell(() -> answered(response));
  }

  /** Has the membership thread work at the newest of what the heartbeats have come to. */
  private void tell(Runnable newest) {
    if (news.getAndSet(newest) != null) {
      return; // The thread is yet to take the one before, and takes this one instead.
    }
    try {
      membership.execute(() -> Objects.requireNonNull(news.getAndSet(null)).run());
    } catch (RejectedExecutionException stopped) {
      LOG.debug("stopping anyway");
    }
  }

  /** In the membership thread, like what follows. */
  private void answered(RegistrationResponse response) {
    heard = Heard.of(response);
    ShardGroup known = group;
    if (known != null) {
      database.hears(response.members(), known.claim() != null, known.leader());
    }
    if (members != null) {
      members.reconcile(response.members());
    }
  }

  /** No master has taken the heartbeat. */
  private void unheard() {
    heard = new Heard(heard.generation(), List.of());
    database.hearsNothing();
    unconfirmed();
  }

  /** Asks the database whether this server's generation is still the shard's. */
  private void unconfirmed() {
    ShardGroup known = group;
    if (known == null) {
      return;
    }
    try {
      registry.read().ifPresent(row -> supersededBy(row, known));
    } catch (StoreUnavailableException e) {
      LOG.debug("nobody says whether this server's generation is the shard's: {}", e.getMessage());
    }
  }

  /** A transaction did not pass the fence; it may be that the shard was founded anew. */
  private void fenced(FencedException e) {
    LOG.warn("fenced off: node={}: {}; {}", self.node(), e.getMessage(), whatIsLeft());
    try {
      membership.execute(this::unconfirmed);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("stopping anyway");
    }
  }

  private void supersededBy(ShardRow row, ShardGroup known) {
    if (row.generation() == known.generation()
        || !giveUp(known, "the shard was founded anew without this server")) {
      return;
    }
    mustNotRun(
        "its generation is "
            + known.generation()
            + ", and the shard was founded anew in generation "
            + row.generation()
            + " by "
            + row.leader()
            + "; "
            + whatIsLeft());
  }

  /** The database knows of a later reign than the journal, or is another shard's. */
  private void unusable(String sentence) {
    ShardGroup known = group;
    if (known == null
        || !giveUp(known, "the database says that this server's journal is not its")) {
      return;
    }
    try {
      // Not in the thread that asked the database: the exit waits for whoever waits for it.
      membership.execute(() -> mustNotRun(sentence + "; " + whatIsLeft()));
    } catch (RejectedExecutionException stopped) {
      LOG.error("{}", sentence);
    }
  }

  /**
   * Ends this server's part in its group: it votes, follows and leads no more, and its journal is
   * closed. To be followed by {@link #endToStartAgain}.
   *
   * @return false when it has none, or none any more
   */
  boolean leaveGroup(String why) {
    ShardGroup known = group;
    if (known == null || stopping || !giveUp(known, why)) {
      return false;
    }
    known.close();
    return true;
  }

  /** Ends the process, in order; whoever watches over it is to start it again. */
  void endToStartAgain(String why) {
    try {
      membership.execute(() -> {
        LOG.warn("the process ends, and is to be started again: node={}: {}", self.node(), why);
        exit.exit(START_AGAIN);
      });
    } catch (RejectedExecutionException stopped) {
      LOG.debug("stopping anyway");
    }
  }

  /** Serves and flushes nothing more. Returns false when that was done before. */
  private boolean giveUp(ShardGroup known, String why) {
    if (!superseded.compareAndSet(false, true)) {
      return false;
    }
    known.stopTakingRoles();
    engine.stepDown(why);
    return true;
  }

  /** A scheduler of one thread that drops what is not due yet when it is shut down. */
  private static ScheduledExecutorService oneThread(String name) {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).daemon().factory());
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return scheduler;
  }
}
