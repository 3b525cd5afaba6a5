package io.weir.load.run;

import io.netty.channel.EventLoop;
import io.weir.client.Doors;
import io.weir.client.RoutingTable;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.client.transport.Transport;
import io.weir.load.result.Environment;
import io.weir.load.result.LoadResult;
import io.weir.load.result.Writes;
import io.weir.load.verify.ReadVerifier;
import io.weir.load.verify.WriteLog;
import io.weir.load.workload.KeySpace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One load on a cluster: the keys are inserted, if that is wanted; then the operations run, first
 * to warm up, and then they are measured.
 *
 * <pre>{@code
 * LoadRun run = new LoadRun(plan, client, environment, progress -> {});
 * LoadResult result = run.run();
 * run.log().check(key, value);
 * }</pre>
 *
 * <p><b>Concurrency.</b> The clients live in event loops of their own, each wholly in one of them.
 * The thread in {@link #run} drains what they measured; a further one refreshes the topology when a
 * client doubts it, because an event loop must not wait.
 *
 * <p><b>Failure.</b> What a server does can slow the run down, and is counted; it cannot end it,
 * but for a cluster that takes no key to insert. It ends a request timeout after its time at the
 * latest.
 */
public final class LoadRun {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often the inserting thread looks whether all are inserted. */
  private static final int FILL_CHECK_MILLIS = 20;

  private static final int REST_CHECK_MILLIS = 20;

  /** What is in flight ends this long after its timeout, at the latest. */
  private static final Duration REST_PATIENCE = Duration.ofSeconds(2);

  /** The same for a run that was told to stop: somebody waits. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

  /** No key inserted for as long, beside the request timeout, and there is no use in going on. */
  private static final Duration FILL_PATIENCE = Duration.ofSeconds(20);

  /** Answers longer than a value are problems, which are short. */
  private static final int MAX_PROBLEM_BYTES = 1 << 20;

  private final LoadPlan plan;
  private final long seed;
  private final WeirClient client;
  private final Environment environment;
  private final LoadProgress.Listener listener;
  private final WriteLog log;
  private final @Nullable ReadVerifier verifier;
  private final Transport transport;
  private final List<LoadLoop> loops = new ArrayList<>();
  private final Semaphore doubts = new Semaphore(0);
  private volatile boolean stopping;
  private volatile @Nullable Thread runner;
  private @Nullable AnswerListener answers;

  /** Prepares a run with a log of its own. */
  public LoadRun(
      LoadPlan plan, WeirClient client, Environment environment, LoadProgress.Listener listener) {
    this(plan, client, environment, listener, newLog(plan));
  }

  /**
   * Prepares a run that goes on with the log of an earlier one.
   *
   * @param log of the plan's keys and value sizes; no other run may use it meanwhile
   */
  public LoadRun(
      LoadPlan plan,
      WeirClient client,
      Environment environment,
      LoadProgress.Listener listener,
      WriteLog log) {
    if (log.keys().count() != plan.keys()) {
      throw new IllegalArgumentException(
          "the log is of " + log.keys().count() + " keys, the plan of " + plan.keys());
    }
    this.plan = plan;
    this.seed = seed(plan);
    this.client = client;
    this.environment = environment;
    this.listener = listener;
    this.log = log;
    this.verifier = plan.verify() ? new ReadVerifier(log) : null;
    this.transport =
        new Transport(
            "weir-load",
            plan.threads(),
            CONNECT_TIMEOUT,
            plan.workload().valueSizes().largest() + MAX_PROBLEM_BYTES,
            client.access());
  }

  /** Has somebody told of every answer. To be called before {@link #run}. */
  public void tell(AnswerListener whom) {
    answers = whom;
  }

  /** A log for a plan, with a random mark that tells its values from those of other logs. */
  public static WriteLog newLog(LoadPlan plan) {
    return new WriteLog(
        new KeySpace(plan.keyPrefix(), plan.keys()),
        plan.share(),
        plan.workload().valueSizes(),
        ThreadLocalRandom.current().nextInt());
  }

  /**
   * Does it, once: returns when the time is over and every client has ended.
   *
   * @throws io.weir.client.NotReachableException when no master gives a topology to start with
   * @throws LoadAbortedException when the cluster takes none of the keys to insert, or has no such
   *     door
   * @throws InterruptedException when interrupted; the clients end by themselves
   */
  public LoadResult run() throws InterruptedException {
    RoutingTable table = client.routing();
    if (plan.door() == LoadDoor.REDIS && table.fastPorts().isEmpty()) {
      throw new LoadAbortedException(
          "--door redis needs fast ports, and no cache server has one: set weir.fast.enabled to"
              + " true for them");
    }
    Thread refresher =
        Thread.ofPlatform().name("weir-load-topology").daemon().start(this::refreshOnDoubt);
    runner = Thread.currentThread();
    DatabaseCounters counters = new DatabaseCounters(client);
    try {
      // For nothing: a server that began just now takes seconds over its first answer, by which a
      // reading in the middle of the load would come too late.
      var _ = counters.start(routing()).await();
      CpuMeter cpu = new CpuMeter(transport.loops());
      populate();
      return measure(cpu, counters);
    } finally {
      stopping = true;
      runner = null;
      refresher.interrupt();
      loops.forEach(LoadLoop::close);
      transport.close();
    }
  }

  /** Ends the run before its time; {@link #run} then returns what was measured so far. */
  public void stop() {
    stopping = true;
    LockSupport.unpark(runner);
  }

  /** What was acknowledged; complete once the run has ended. */
  public WriteLog log() {
    return log;
  }

  /**
   * Of this process's random numbers. Processes that load together draw different ones: each would
   * else ask for what another has just brought into the caches.
   */
  private static long seed(LoadPlan plan) {
    long seed = plan.seed();
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < plan.share().index(); i++) {
      seed = seeds.nextLong();
    }
    return seed;
  }

  private boolean isOpenLoop() {
    return plan.pace() instanceof Pace.Open && plan.phase().runs();
  }

  private void populate() {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (EventLoop loop : transport.loops()) {
      loops.add(
          new LoadLoop(
              loop,
              new LoopRecorder(isOpenLoop()),
              client.access(),
              plan.readFromAny(),
              new SplittableRandom(seed ^ loops.size())));
    }
    Doors doors = new Doors(plan.door().forHttp());
    for (LoadLoop each : loops) {
      each.connectBy(
          plan.door() == LoadDoor.REDIS
              ? new RedisWire.Opener(this, each)
              : new HttpWire.Opener(this, each, doors));
    }
    for (int i = 0; i < plan.clients(); i++) {
      LoadLoop on = loops.get(i % loops.size());
      on.add(new LoadClient(this, on, seeds.split()));
    }
  }

  private LoadResult measure(CpuMeter cpu, DatabaseCounters counters) throws InterruptedException {
    Recording recording =
        new Recording(plan, loops.stream().map(LoadLoop::recorder).toList(), cpu, isOpenLoop());
    long start = System.nanoTime();
    DatabaseCounters.@Nullable Reading before = null;
    if (plan.phase().fills()) {
      if (!plan.phase().runs()) {
        before = counters.start(routing());
        recording.startMeasuring(InstantSource.system().instant(), System.nanoTime());
      }
      fill(recording, start);
      if (!plan.phase().runs()) {
        recording.endMeasuring();
      }
    }
    if (plan.phase().runs() && !stopping) {
      before = operate(recording, counters, start);
    }
    if (!recording.isMeasuring()) { // Stopped before it came to that.
      recording.startMeasuring(InstantSource.system().instant(), System.nanoTime());
    }
    DatabaseCounters.Reading after = counters.start(routing());
    return recording.result(
        environment,
        routing(),
        before == null ? null : DatabaseCounters.difference(before.await(), after.await()),
        verifier == null ? null : verifier.result(),
        new Writes(log.acknowledged(), log.ambiguous()));
  }

  /** Inserts the keys. */
  private void fill(Recording recording, long start) throws InterruptedException {
    FillTasks tasks = new FillTasks(log);
    Stage stage = new Stage(tasks, plan.clients());
    Pace.Closed pace = new Pace.Closed(Duration.ZERO);
    enter(stage, loop -> new ClosedPacer(loop.eventLoop(), stage, pace));
    long begun = System.nanoTime();
    long last = begun;
    long lastProgress = begun;
    Map<ErrorKind, Long> refusals = Map.of();
    boolean complete = false;
    while (!complete) {
      complete = stage.await(FILL_CHECK_MILLIS);
      long now = System.nanoTime();
      if (stopping) {
        stage.end();
      }
      if (complete || now - last >= TICK_NANOS) {
        Totals interval = recording.tick(now);
        double perSecond = tasks.done() * 1e9 / Math.max(1, now - begun);
        long left = complete ? 0 : remaining(tasks.left(), perSecond);
        progress(LoadProgress.Stage.FILLING, recording, interval, start, last, now, left);
        lastProgress = interval.succeeded() > 0 ? now : lastProgress;
        refusals = interval.failed() > 0 ? interval.errors() : refusals;
        last = now;
      }
      if (now - lastProgress > plan.requestTimeout().plus(FILL_PATIENCE).toNanos()) {
        stage.end();
        throw new LoadAbortedException(
            String.format(
                "no key could be inserted for %d s, %,d are left, the last attempts ended with %s;"
                    + " look whether the cluster takes writes",
                TimeUnit.NANOSECONDS.toSeconds(now - lastProgress), tasks.left(), refusals));
      }
    }
  }

  private static long remaining(int left, double perSecond) {
    double seconds =
        Math.min(left / Math.max(perSecond, 0.1), (double) Duration.ofDays(1).toSeconds());
    return Math.max(1, Math.round(seconds * 1e9));
  }

  /** Runs the operations; returns the reading of the databases' counters at the measured start. */
  private DatabaseCounters.@Nullable Reading operate(
      Recording recording, DatabaseCounters counters, long start) throws InterruptedException {
    Stage stage = new Stage(new WorkloadTasks(plan, log), plan.clients());
    enter(stage, pacers(stage));
    DatabaseCounters.@Nullable Reading before = null;
    long last = System.nanoTime();
    long from = last + plan.warmup().toNanos();
    long end = from + plan.duration().toNanos();
    recording.tick(last);
    boolean over = false;
    while (!over) {
      if (last >= from && !recording.isMeasuring()) {
        before = counters.start(routing());
        last = System.nanoTime();
        recording.startMeasuring(InstantSource.system().instant(), last);
        end = last + plan.duration().toNanos();
      }
      boolean measuring = recording.isMeasuring();
      waitUntil(Math.min(last + TICK_NANOS, measuring ? end : from));
      long now = System.nanoTime();
      over = stopping || now >= end;
      if (over) {
        stage.end();
        recording.endMeasuring();
        // What began in time counts, however long it took: the slowest would be missing else.
        awaitRest(stage);
        // A closed loop's rate is that of the time until its last answer; an open loop's is given.
        now = isOpenLoop() ? now : System.nanoTime();
      }
      Totals interval = recording.tick(now);
      progress(
          measuring ? LoadProgress.Stage.MEASURING : LoadProgress.Stage.WARMING_UP,
          recording,
          interval,
          start,
          last,
          now,
          stopping ? 0 : Math.max(0, end - now));
      last = now;
    }
    return before;
  }

  /** Until what is in flight has ended, which a request timeout bounds, or a stop. */
  private void awaitRest(Stage stage) throws InterruptedException {
    long start = System.nanoTime();
    while (!stage.await(REST_CHECK_MILLIS)) {
      Duration patience = plan.requestTimeout().plus(REST_PATIENCE);
      if (stopping && patience.compareTo(STOP_PATIENCE) > 0) {
        patience = STOP_PATIENCE;
      }
      if (System.nanoTime() - start > patience.toNanos()) {
        return;
      }
    }
  }

  private Function<LoadLoop, Pacer> pacers(Stage stage) {
    return switch (plan.pace()) {
      case Pace.Closed closed -> loop -> new ClosedPacer(loop.eventLoop(), stage, closed);
      case Pace.Open open -> loop -> openPacer(loop, stage, open);
    };
  }

  /** Each loop has that part of the rate that it has of the clients. */
  private OpenPacer openPacer(LoadLoop loop, Stage stage, Pace.Open open) {
    int index = loops.indexOf(loop);
    double gap = 1e9 / open.ratePerSecond() * plan.clients() / loop.clients();
    SplittableRandom random = new SplittableRandom(seed ^ ~index);
    ArrivalSchedule schedule = new ArrivalSchedule(gap, open.arrivals(), random.split());
    double phase = (double) index / loops.size();
    return new OpenPacer(
        loop.eventLoop(), schedule, phase, loop.recorder(), stage, plan, random.split());
  }

  private void enter(Stage stage, Function<LoadLoop, Pacer> pacers) {
    loops.forEach(each -> each.enter(stage, pacers));
  }

  private void waitUntil(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime();
        left > 0 && !stopping;
        left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private void progress(
      LoadProgress.Stage stage,
      Recording recording,
      Totals interval,
      long start,
      long last,
      long now,
      long remaining) {
    long answered = interval.hits() + interval.misses();
    listener.progressed(
        new LoadProgress(
            stage,
            Duration.ofNanos(now - start),
            Duration.ofNanos(remaining),
            interval.succeeded() * 1e9 / Math.max(1, now - last),
            Duration.ofNanos(interval.response().getValueAtPercentile(99)),
            recording.errors(),
            answered == 0 ? null : (double) interval.hits() / answered));
  }

  private void refreshOnDoubt() {
    while (!stopping) {
      try {
        doubts.acquire();
        doubts.drainPermits();
        client.refresh();
      } catch (InterruptedException e) {
        return;
      } catch (WeirException e) {
        // The clients go on with what is known, and doubt it again.
      }
    }
  }

  LoadPlan plan() {
    return plan;
  }

  @Nullable AnswerListener answers() {
    return answers;
  }

  @Nullable ReadVerifier verifier() {
    return verifier;
  }

  Transport transport() {
    return transport;
  }

  @Nullable RoutingTable routing() {
    return client.knownRouting();
  }

  void doubtTopology() {
    doubts.release();
  }
}
