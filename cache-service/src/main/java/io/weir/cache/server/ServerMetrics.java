package io.weir.cache.server;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineStatistics;
import io.weir.cache.engine.Ticker;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.web.RequestBudget;
import io.weir.cache.writeback.FlushListener;
import io.weir.model.ServerFigures;
import io.weir.model.Spared;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The server's meters but for the engine's, and the figures that its heartbeats carry. */
final class ServerMetrics implements FlushListener {

  /** Bounds of the histograms, from a fast disk's sync to a request's patience. */
  private static final Duration[] LATENCIES =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final CacheEngine engine;
  private final MeterRegistry registry;
  private final AtomicReference<@Nullable ShardServer> server = new AtomicReference<>();
  private final HeartbeatRates heartbeatRates;
  private final RecentWindow recent;
  private final LongAdder flushedEntries = new LongAdder();
  private final LongAdder commits = new LongAdder();
  private final LongAdder statements = new LongAdder();
  private final LongAdder foreignRows = new LongAdder();
  private final DistributionSummary batchSize;
  private final Map<Result, Timer> flushes;

  /** Kept, since meters hold what they measure by a weak reference. */
  private final GroupMetrics groupMetrics = new GroupMetrics(this::group);

  private final Timer appends;

  ServerMetrics(
      CacheEngine engine,
      TopologyView topology,
      RequestBudget requests,
      MeterRegistry registry,
      Ticker ticker) {
    this.engine = engine;
    this.registry = registry;
    this.heartbeatRates = new HeartbeatRates(ticker);
    this.recent = new RecentWindow(ticker);
    this.batchSize =
        DistributionSummary.builder("weir.writeback.batch.size")
            .description("Entries of a flush that the database acknowledged")
            .register(registry);
    new EngineMeters(engine, registry).bind();
    bindWriteBack();
    bindSpared();
    bindLossBound();
    bindServer();
    bindRequests(requests);
    this.flushes = flushTimers();
    this.appends =
        Timer.builder("weir.journal.append")
            .description("Appends to the journal, from the call to being durable and applied")
            .serviceLevelObjectives(LATENCIES)
            .register(registry);
    groupMetrics.bindTo(registry);
    Gauge.builder("weir.topology.version", topology, TopologyView::topologyVersion)
        .description("Version of the topology that this server knows")
        .register(registry);
  }

  /** Lets the ages of dirty data be read; the server is made after its meters. */
  void bind(ShardServer bound) {
    server.set(bound);
  }

  /** The meter of the journal. */
  Timer appends() {
    return appends;
  }

  @Override
  public void flushed(Result result, int entries, @Nullable FlushReceipt receipt, Duration took) {
    Objects.requireNonNull(flushes.get(result)).record(took);
    if (receipt != null) {
      flushedEntries.add(entries);
      commits.increment();
      statements.add(receipt.statements());
      foreignRows.add(receipt.foreign().size());
      batchSize.record(entries);
    }
  }

  /** What a heartbeat carries. */
  ServerFigures figures() {
    EngineStatistics now = engine.statistics();
    HeartbeatRates.Rates rates =
        heartbeatRates.since(
            new HeartbeatRates.Counts(
                now.reads().hits(),
                now.reads().misses(),
                now.writes().puts() + now.writes().deletes(),
                Objects.requireNonNull(flushes.get(Result.OK)).count()));
    return new ServerFigures(
        new ServerFigures.Traffic(rates.gets(), rates.puts(), rates.hitRatio()),
        new ServerFigures.Resident(
            now.memory().entries(), now.memory().bytes(), now.memory().maxBytes()),
        new ServerFigures.Dirty(
            now.dirty().entries(),
            now.dirty().bytes() + now.dirty().quarantinedBytes(),
            seconds(oldestDirtyAge())),
        new ServerFigures.LossBound(
            now.dirty().memoryOnlyEntries(),
            now.dirty().memoryOnlyBytes(),
            seconds(lossBoundAge(now))),
        new ServerFigures.Flushed(
            rates.flushes(),
            flushedEntries.sum(),
            now.dirty().coalesced(),
            now.dirty().quarantinedEntries(),
            now.writes().shed()),
        new ServerFigures.Database(engine.progress().now().missing()),
        new ServerFigures.Disk(engine.isJournalFull()),
        spared(),
        new ServerFigures.Group(0));
  }

  /** What the database was spared in the last minutes. */
  private Spared spared() {
    EngineStatistics now = engine.statistics();
    return recent.upTo(
        new RecentWindow.Counts(
            now.writes().puts() + now.writes().deletes(),
            flushedEntries.sum(),
            commits.sum(),
            statements.sum()));
  }

  private void bindWriteBack() {
    TimeGauge.builder(
            "weir.writeback.oldest.dirty.age",
            this,
            TimeUnit.MILLISECONDS,
            metrics -> metrics.oldestDirtyAge().toMillis())
        .description("How long the oldest dirty entry has been so")
        .register(registry);
    Gauge.builder("weir.writeback.settling.entries", this, ServerMetrics::settlingEntries)
        .description("Entries that the database has, dirty until weir.write-back.settle is over")
        .register(registry);
    FunctionCounter.builder("weir.writeback.entries", flushedEntries, LongAdder::sum)
        .description("Entries that the database acknowledged")
        .register(registry);
    FunctionCounter.builder("weir.writeback.commits", commits, LongAdder::sum)
        .description("Transactions of flushes that the database committed")
        .register(registry);
    FunctionCounter.builder("weir.writeback.statements", statements, LongAdder::sum)
        .description("SQL statements of committed flushes, those of fence and number included")
        .register(registry);
    FunctionCounter.builder("weir.rows.foreign", foreignRows, LongAdder::sum)
        .description(EngineMeters.FOREIGN_ROWS)
        .tag("met", "flush")
        .register(registry);
  }

  /** For who has no Prometheus to take the rates of the counters. */
  private void bindSpared() {
    TimeGauge.builder(
            "weir.recent",
            this,
            TimeUnit.MILLISECONDS,
            metrics -> metrics.spared().seconds() * 1_000)
        .description("Time that the other weir.recent meters are of: 5 min, or since the start")
        .register(registry);
    recent("writes", "Writes acknowledged in the last 5 min", Spared::writes);
    recent("rows", "Rows of the flushes that committed in the last 5 min", Spared::rows);
    recent("commits", "Transactions of flushes in the last 5 min", Spared::commits);
    recent("statements", "SQL statements of flushes in the last 5 min", Spared::statements);
  }

  private void recent(String name, String description, ToLongFunction<Spared> count) {
    Gauge.builder("weir.recent." + name, this, metrics -> count.applyAsLong(metrics.spared()))
        .description(description)
        .register(registry);
  }

  /** All of them from the start: a rate cannot see the first of what was not there before. */
  private Map<Result, Timer> flushTimers() {
    Map<Result, Timer> timers = new EnumMap<>(Result.class);
    for (Result result : Result.values()) {
      timers.put(
          result,
          Timer.builder("weir.writeback.flush")
              .description("Flushes by how they ended")
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .serviceLevelObjectives(LATENCIES)
              .register(registry));
    }
    return timers;
  }

  /** What no journal holds, a crash loses. */
  private void bindLossBound() {
    TimeGauge.builder(
            "weir.loss.bound.age",
            this,
            TimeUnit.MILLISECONDS,
            metrics -> metrics.lossBoundAge(metrics.engine.statistics()).toMillis())
        .description(
            "No older than this is the oldest entry that a crash of this process would lose")
        .register(registry);
  }

  private void bindServer() {
    Gauge.builder("weir.serving", this, metrics -> metrics.isServing() ? 1 : 0)
        .description("1 while this server answers for its shard, as its leader or a replica")
        .register(registry);
    Gauge.builder("weir.writeback.failing", this, metrics -> metrics.isFailing() ? 1 : 0)
        .description("1 while the database does not take what this server flushes")
        .register(registry);
    TimeGauge.builder(
            "weir.heartbeat.age",
            this,
            TimeUnit.MILLISECONDS,
            metrics -> metrics.unconfirmedFor().toMillis())
        .description("How long ago a master took the last heartbeat of this server")
        .register(registry);
  }

  private void bindRequests(RequestBudget requests) {
    Gauge.builder("weir.requests.bytes", requests, RequestBudget::reservedBytes)
        .description("Bytes reserved for requests under way")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("weir.requests.max.bytes", requests, RequestBudget::maxBytes)
        .description("Bound of weir.requests.bytes")
        .baseUnit("bytes")
        .register(registry);
  }

  private boolean isServing() {
    ShardServer bound = server.get();
    return bound != null && bound.isServing();
  }

  private Duration unconfirmedFor() {
    ShardServer bound = server.get();
    return bound == null ? Duration.ZERO : bound.unconfirmedFor();
  }

  private boolean isFailing() {
    LeaderTasks leaderTasks = leaderTasks();
    return leaderTasks != null && leaderTasks.writeBack().isFailing();
  }

  private @Nullable ShardGroup group() {
    ShardServer bound = server.get();
    return bound == null ? null : bound.group();
  }

  private @Nullable LeaderTasks leaderTasks() {
    ShardServer bound = server.get();
    return bound == null ? null : bound.leaderTasks();
  }

  private int settlingEntries() {
    LeaderTasks leaderTasks = leaderTasks();
    return leaderTasks == null ? 0 : leaderTasks.writeBack().settlingEntries();
  }

  private Duration oldestDirtyAge() {
    LeaderTasks leaderTasks = leaderTasks();
    return leaderTasks == null ? Duration.ZERO : leaderTasks.writeBack().oldestDirtyAge();
  }

  private Duration lossBoundAge(EngineStatistics now) {
    return now.dirty().memoryOnlyEntries() == 0 ? Duration.ZERO : oldestDirtyAge();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }
}
