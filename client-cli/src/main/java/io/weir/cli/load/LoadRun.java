package io.weir.cli.load;

import io.netty.channel.EventLoop;
import io.weir.client.RoutingTable;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.client.transport.Access;
import io.weir.client.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One closed-loop load on a cluster.
 *
 * <pre>{@code
 * LoadRun run = new LoadRun(plan, client, progress -> {});
 * LoadReport report = run.run();
 * run.log().check(key, value);
 * }</pre>
 *
 * <p><b>Concurrency.</b> The clients live in event loops of their own, each wholly in one of them.
 * The thread in {@link #run} drains what they measured; a further one refreshes the topology when a
 * client doubts it, because an event loop must not wait.
 *
 * <p><b>Failure.</b> What a server does can slow the run down, and is counted; it cannot end it. It
 * ends a request timeout after its time at the latest.
 */
public final class LoadRun {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int SWEEP_MILLIS = 100;

  /** Answers longer than a value are problems, which are short. */
  private static final int MAX_PROBLEM_BYTES = 1 << 20;

  private final LoadPlan plan;
  private final WeirClient client;
  private final LoadProgress.Listener listener;
  private final WriteLog log;
  private final Ranks ranks;
  private final Scramble scramble;
  private final Transport transport;
  private final List<LoopRecorder> recorders = new ArrayList<>();
  private final List<LoadClient> clients = new ArrayList<>();
  private final CountDownLatch running;
  private final Semaphore doubts = new Semaphore(0);
  private final Totals interval = new Totals();
  private final Totals total = new Totals();
  private volatile boolean stopping;
  private volatile @Nullable Thread runner;

  /** Prepares a run with a log of its own. */
  public LoadRun(LoadPlan plan, WeirClient client, LoadProgress.Listener listener) {
    this(plan, client, listener, newLog(plan));
  }

  /**
   * Prepares a run that goes on with the log of an earlier one.
   *
   * @param log of the plan's keys and value size; no other run may use it meanwhile
   */
  public LoadRun(LoadPlan plan, WeirClient client, LoadProgress.Listener listener, WriteLog log) {
    if (log.keys().count() != plan.keys()) {
      throw new IllegalArgumentException(
          "the log is of " + log.keys().count() + " keys, the plan of " + plan.keys());
    }
    this.plan = plan;
    this.client = client;
    this.listener = listener;
    this.log = log;
    this.ranks = Ranks.of(plan);
    this.scramble = new Scramble(plan.keys());
    this.running = new CountDownLatch(plan.clients());
    this.transport =
        new Transport(
            "weir-load",
            plan.threads(),
            CONNECT_TIMEOUT,
            plan.valueSize().toIntExact() + MAX_PROBLEM_BYTES,
            client.access());
  }

  /** A log for a plan; its values are told from those of other logs by the time, in seconds. */
  public static WriteLog newLog(LoadPlan plan) {
    return new WriteLog(
        new KeySpace(plan.keyPrefix(), plan.keys()),
        plan.valueSize().toIntExact(),
        (int) (System.currentTimeMillis() / 1_000));
  }

  /**
   * Does it, once: returns when the time is over and every client has ended.
   *
   * @throws io.weir.client.NotReachableException when no master gives a topology to start with
   * @throws InterruptedException when interrupted; the clients end by themselves
   */
  public LoadReport run() throws InterruptedException {
    client.routing();
    Thread refresher =
        Thread.ofPlatform().name("weir-load-topology").daemon().start(this::refreshOnDoubt);
    runner = Thread.currentThread();
    try {
      CpuMeter cpu = new CpuMeter(transport.loops());
      start();
      return measure(cpu);
    } finally {
      stopping = true;
      runner = null;
      refresher.interrupt();
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

  private void start() {
    SplittableRandom seeds = new SplittableRandom(plan.seed());
    List<EventLoop> loops = transport.loops();
    List<List<LoadClient>> ofLoop = new ArrayList<>();
    for (EventLoop _ : loops) {
      recorders.add(new LoopRecorder());
      ofLoop.add(new ArrayList<>());
    }
    for (int i = 0; i < plan.clients(); i++) {
      int on = i % loops.size();
      LoadClient each = new LoadClient(i, this, recorders.get(on), loops.get(on), seeds.split());
      clients.add(each);
      ofLoop.get(on).add(each);
    }
    for (int i = 0; i < loops.size(); i++) {
      List<LoadClient> mine = ofLoop.get(i);
      EventLoop loop = loops.get(i);
      loop.execute(() -> mine.forEach(LoadClient::next));
      var _ =
          loop.scheduleAtFixedRate(
              () -> {
                long now = System.nanoTime();
                mine.forEach(each -> each.sweep(now));
              },
              SWEEP_MILLIS,
              SWEEP_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private LoadReport measure(CpuMeter cpu) throws InterruptedException {
    long start = System.nanoTime();
    long from = start + plan.warmup().toNanos();
    long end = from + plan.duration().toNanos();
    long measuredFrom = start;
    boolean warmingUp = from > start;
    long errors = 0;
    long last = start;
    while (!stopping && last < end) {
      long next = Math.min(last + TICK_NANOS, warmingUp ? from : end);
      waitUntil(next);
      long now = System.nanoTime();
      drain();
      errors += interval.failed();
      listener.progressed(progress(warmingUp, start, last, now, end, errors));
      if (!warmingUp) {
        total.add(interval);
      } else if (now >= from) {
        warmingUp = false;
        measuredFrom = now;
        cpu.restart();
      }
      last = now;
    }
    LoadReport.Cpu used = cpu.read();
    stopping = true;
    boolean _ = running.await(plan.requestTimeout().toMillis() + 2_000, TimeUnit.MILLISECONDS);
    return report(Math.max(1, last - measuredFrom) / 1e9, used);
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

  private void drain() {
    interval.clear();
    recorders.forEach(recorder -> recorder.drainTo(interval));
  }

  private LoadProgress progress(
      boolean warmingUp, long start, long last, long now, long end, long errors) {
    return new LoadProgress(
        warmingUp,
        Duration.ofNanos(now - start),
        Duration.ofNanos(Math.max(0, end - now)),
        interval.succeeded() * 1e9 / Math.max(1, now - last),
        Duration.ofNanos(interval.latency().getValueAtPercentile(99)),
        errors);
  }

  private LoadReport report(double seconds, LoadReport.Cpu cpu) {
    List<LoadReport.Latency> operations = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      if (total.latency(operation).getTotalCount() > 0) {
        operations.add(LoadReport.Latency.of(operation, total.latency(operation), seconds));
      }
    }
    Map<String, Long> errors = new LinkedHashMap<>();
    total.errors().forEach((kind, count) -> errors.put(kind.toString(), count));
    long answered = total.hits() + total.misses();
    return new LoadReport(
        seconds,
        total.succeeded() / seconds,
        operations,
        answered == 0 ? null : (double) total.hits() / answered,
        total.absent(),
        errors,
        log.acknowledged(),
        log.ambiguous(),
        cpu);
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

  Ranks ranks() {
    return ranks;
  }

  Scramble scramble() {
    return scramble;
  }

  Transport transport() {
    return transport;
  }

  Access access() {
    return client.access();
  }

  boolean isStopping() {
    return stopping;
  }

  @Nullable RoutingTable routing() {
    return client.knownRouting();
  }

  void doubtTopology() {
    doubts.release();
  }

  void clientEnded() {
    running.countDown();
  }
}
