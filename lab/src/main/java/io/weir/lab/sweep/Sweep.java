package io.weir.lab.sweep;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.lab.cluster.LocalCluster;
import io.weir.load.result.Environment;
import io.weir.load.result.LoadResult;
import io.weir.load.run.LoadPlan;
import io.weir.load.run.LoadProgress;
import io.weir.load.run.LoadRun;
import io.weir.load.workload.KeySpace;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures a cluster at each size of its cache under each skew.
 *
 * <p>The rows are written once. For each measurement the cache servers begin anew; they are asked
 * for what an exact LRU would hold after a long load, coldest first, and under another policy for
 * more of that load, from which it learns what is used often. Then they are loaded: the warm-up,
 * and the measured time. A second LRU of the same size is brought into the same state and sees the
 * same requests. So both are compared over the same span, and neither is cold.
 *
 * <p><b>Concurrency.</b> One thread does all, but for {@link #stop}; the load and the warming have
 * threads of their own, which end before it goes on.
 */
public final class Sweep {

  private static final int WARMERS = 16;

  /** So many uses are what the server's sketch of frequencies remembers. */
  private static final int DRAWS_AN_ENTRY = 10;

  private final SweepPlan plan;
  private final LocalCluster cluster;
  private final Environment environment;
  private final Supplier<LoadProgress.Listener> progress;
  private final Consumer<String> say;
  private final InstantSource clock;
  private @Nullable RuntimeException failure;
  private volatile boolean stopping;
  private volatile @Nullable LoadRun running;
  private volatile @Nullable Thread runner;

  /**
   * @param cluster of the plan's shards, not yet started
   * @param progress gives who is told of a load's progress
   * @param say what is being done, a line each
   */
  public Sweep(
      SweepPlan plan,
      LocalCluster cluster,
      Environment environment,
      Supplier<LoadProgress.Listener> progress,
      Consumer<String> say,
      InstantSource clock) {
    this.plan = plan;
    this.cluster = cluster;
    this.environment = environment;
    this.progress = progress;
    this.say = say;
    this.clock = clock;
  }

  /** A moment of a load: what had been asked, and what the databases had been sent for it. */
  private record Mark(LruMeter.Count count, StatementCounter.Statements statements) {}

  /** Ends it early: {@link #run} returns what is complete. */
  public void stop() {
    stopping = true;
    LoadRun run = running;
    Thread waiting = runner;
    if (run != null) {
      run.stop();
    } else if (waiting != null) {
      waiting.interrupt();
    }
  }

  /** Why {@link #run} has returned less than was planned; null when it did not fail. */
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /** Starts the cluster and does it, once: returns what is complete, if anything is. */
  public SweepResult run() throws InterruptedException {
    String startedAt = clock.instant().toString();
    List<SweepCell> done = new ArrayList<>();
    runner = Thread.currentThread();
    try {
      cluster.start();
      say.accept(String.format(Locale.ROOT, "writing %,d rows", plan.keys()));
      fill();
      measureAll(done);
    } catch (InterruptedException e) {
      if (!stopping) {
        throw e;
      }
    } catch (LabException | WeirException e) {
      // What is complete is worth its minutes. A stop breaks requests off, which is no fault.
      if (done.isEmpty() && !stopping) {
        throw e;
      }
      failure = stopping ? null : e;
    } finally {
      runner = null;
      boolean _ = Thread.interrupted(); // A signal's, that came when there was no need for it.
    }
    return new SweepResult(
        SweepResult.FORMAT,
        startedAt,
        plan.keys(),
        plan.duration().toMillis() / 1_000.0,
        plan.asOptions(),
        environment,
        done);
  }

  private void measureAll(List<SweepCell> done) throws InterruptedException {
    List<SweepPlan.Cell> cells = plan.cells();
    long begun = System.nanoTime();
    for (int i = 0; i < cells.size() && !stopping; i++) {
      SweepPlan.Cell cell = cells.get(i);
      say.accept(SweepText.heading(plan, cell, i, left(i, System.nanoTime() - begun)));
      SweepCell measured = measure(cell);
      if (measured != null) {
        say.accept(SweepText.line(measured));
        done.add(measured);
      }
    }
  }

  /** What the measurements that are left may take, from how long the others took. */
  private @Nullable Duration left(int done, long nanos) {
    return done == 0 ? null : Duration.ofNanos(nanos / done * (plan.cells().size() - done));
  }

  private void fill() throws InterruptedException {
    try (WeirClient client = client()) {
      LoadResult filled = run(new LoadRun(plan.fill(), client, environment, progress.get()));
      if (!stopping && filled.succeeded() < plan.keys()) {
        throw new LabException(
            Reason.UNEXPECTED,
            "only "
                + filled.succeeded()
                + " of "
                + plan.keys()
                + " rows could be written: "
                + filled.errors());
      }
    }
  }

  private LoadResult run(LoadRun run) throws InterruptedException {
    running = run;
    if (stopping) {
      run.stop(); // It came before the run was known.
    }
    try {
      return run.run();
    } finally {
      running = null;
    }
  }

  /** Null when it was stopped before its time. */
  private @Nullable SweepCell measure(SweepPlan.Cell cell) throws InterruptedException {
    cluster.restartCaches(plan.settings(cell.capacity(), cell.policy()));
    LoadPlan load = plan.load(cell.theta());
    ExactLru lru = SteadyState.of(load, plan.entriesOfServer(cell.capacity()) * plan.shards());
    boolean full = lru.isFull();
    LruMeter meter = new LruMeter(lru);
    try (WeirClient client = client()) {
      warm(client, lru.coldestFirst());
      if (!cell.policy().equals(SweepPlan.LRU)) {
        // Which keys are there is not all that such a cache knows after a long load.
        int[] draws = SteadyState.draws(load, DRAWS_AN_ENTRY * lru.size());
        for (int key : draws) {
          var _ = lru.use(key);
        }
        warm(client, draws);
      }
      if (stopping) {
        return null;
      }
      Marks marks = new Marks(load, meter, new StatementCounter(client, cluster.cacheServerUrls()));
      LoadProgress.Listener listener = progress.get();
      LoadRun run =
          new LoadRun(
              load,
              client,
              environment,
              each -> {
                marks.progressed(each);
                listener.progressed(each);
              });
      run.tell(meter);
      LoadResult result = run(run);
      if (stopping) {
        return null;
      }
      return cell(cell, full, result, marks.between());
    }
  }

  private SweepCell cell(SweepPlan.Cell cell, boolean full, LoadResult result, Mark between) {
    LruMeter.Count count = between.count();
    StatementCounter.Statements statements = between.statements();
    return new SweepCell(
        new SweepCell.Setting(
            cell.theta(),
            cell.capacity().share(),
            cell.policy(),
            plan.entriesOfServer(cell.capacity()) * plan.shards(),
            plan.stripes(cell.capacity()),
            full),
        new SweepCell.Counted(result.seconds(), result.succeeded(), result.failed()),
        new SweepCell.HitRatios(count.hitRatio(), count.lruHitRatio()),
        SweepCell.Speed.of(result.throughput(), result.responseTimes()),
        new SweepCell.Database(
            statements.reads(),
            statements.writes(),
            (double) statements.all() / Math.max(1, count.answers())),
        result.generator().limited());
  }

  /** Takes the marks of a load at the beginning and at the end of its measured time. */
  private static final class Marks {

    private final LoadPlan load;
    private final LruMeter meter;
    private final StatementCounter statements;
    private @Nullable Future<Mark> start;

    Marks(LoadPlan load, LruMeter meter, StatementCounter statements) {
      this.load = load;
      this.meter = meter;
      this.statements = statements;
    }

    /** The last word of the warm-up is where the measured time begins. */
    void progressed(LoadProgress progress) {
      if (start == null
          && progress.stage() == LoadProgress.Stage.WARMING_UP
          && progress.remaining().compareTo(load.duration()) <= 0) {
        // Beside the load, whose time it would take else.
        FutureTask<Mark> task = new FutureTask<>(this::now);
        Thread.ofVirtual().name("weir-sweep-mark").start(task);
        start = task;
      }
    }

    Mark between() throws InterruptedException {
      Future<Mark> begun = start;
      if (begun == null) {
        throw new IllegalStateException("the load has not said when it began to measure");
      }
      if (!begun.isDone()) {
        throw new LabException(
            Reason.UNEXPECTED,
            "the cache servers took longer to give their metrics than the load to run; raise"
                + " --duration");
      }
      Mark to = now();
      try {
        Mark from = begun.get();
        return new Mark(to.count().since(from.count()), to.statements().since(from.statements()));
      } catch (ExecutionException e) {
        throw new LabException(
            Reason.UNEXPECTED, "the databases' statements are unknown: " + e.getCause());
      }
    }

    private Mark now() {
      StatementCounter.Statements sent = statements.now();
      return new Mark(meter.count(), sent);
    }
  }

  /** Reads keys in order, a few at a time. */
  private void warm(WeirClient client, int[] keys) throws InterruptedException {
    KeySpace space = new KeySpace(plan.load(plan.thetas().getFirst()).keyPrefix(), plan.keys());
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> warmers = new ArrayList<>();
    try (ExecutorService executor =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("weir-sweep-warm-", 1).factory())) {
      for (int i = 0; i < WARMERS; i++) {
        warmers.add(
            executor.submit(() -> {
              for (int at = next.getAndIncrement();
                  at < keys.length && !stopping;
                  at = next.getAndIncrement()) {
                var _ = client.get(space.key(keys[at]));
              }
            }));
      }
    }
    for (Future<?> warmer : warmers) {
      if (warmer.state() == Future.State.FAILED) {
        throw new LabException(
            Reason.NOT_REACHABLE,
            "the caches cannot be warmed: " + warmer.exceptionNow().getMessage());
      }
    }
  }

  private WeirClient client() {
    return WeirClient.builder()
        .master(cluster.masterUrl())
        .deadline(plan.requestTimeout())
        .maxConnectionsPerServer(WARMERS)
        .build();
  }
}
