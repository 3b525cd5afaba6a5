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
import io.weir.cache.web.RequestBudget;
import io.weir.cache.writeback.FlushListener;
import io.weir.model.ServerFigures;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The server's meters, and the figures that its heartbeats carry. */
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
  private final LongAdder flushedEntries = new LongAdder();
  private final LongAdder statements = new LongAdder();
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
    this.batchSize =
        DistributionSummary.builder("weir.writeback.batch.size")
            .description("Entries of a flush that the database acknowledged")
            .register(registry);
    bindTraffic();
    bindWriteBack();
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
  public void flushed(Result result, int entries, int sent, Duration took) {
    Objects.requireNonNull(flushes.get(result)).record(took);
    if (result == Result.OK) {
      flushedEntries.add(entries);
      statements.add(sent);
      batchSize.record(entries);
    }
  }

  /** What a heartbeat carries. */
  ServerFigures figures() {
    EngineStatistics now = engine.statistics();
    HeartbeatRates.Rates rates =
        heartbeatRates.since(
            new HeartbeatRates.Counts(
                now.hits(),
                now.misses(),
                now.puts() + now.deletes(),
                Objects.requireNonNull(flushes.get(Result.OK)).count()));
    return new ServerFigures(
        new ServerFigures.Traffic(rates.gets(), rates.puts(), rates.hitRatio()),
        new ServerFigures.Resident(now.entries(), now.bytes(), now.maxBytes()),
        new ServerFigures.Dirty(
            now.dirtyEntries(),
            now.dirtyBytes() + now.quarantinedBytes(),
            seconds(oldestDirtyAge())),
        new ServerFigures.LossBound(
            now.memoryOnlyEntries(), now.memoryOnlyBytes(), seconds(lossBoundAge(now))),
        new ServerFigures.Flushed(
            rates.flushes(),
            flushedEntries.sum(),
            now.coalesced(),
            now.quarantinedEntries(),
            now.shed()));
  }

  private void bindTraffic() {
    counter("cache.gets", "Reads", "result", "hit", EngineStatistics::hits);
    counter("cache.gets", "Reads", "result", "miss", EngineStatistics::misses);
    counter("cache.puts", "Acknowledged writes", "operation", "put", EngineStatistics::puts);
    counter("cache.puts", "Acknowledged writes", "operation", "delete", EngineStatistics::deletes);
    counter("weir.loads", "Reads of the database", "result", "found", EngineStatistics::loadsFound);
    counter(
        "weir.loads", "Reads of the database", "result", "absent", EngineStatistics::loadsAbsent);
    counter(
        "weir.loads", "Reads of the database", "result", "failed", EngineStatistics::loadsFailed);
    FunctionCounter.builder("cache.evictions", engine, e -> e.statistics().evictions())
        .description("Entries evicted for room")
        .register(registry);
    FunctionCounter.builder("weir.shed", engine, e -> e.statistics().shed())
        .description("Writes refused because too much was dirty")
        .register(registry);
    gauge("cache.size", "Resident entries", null, EngineStatistics::entries);
    gauge(
        "weir.cache.bytes", "Bytes that resident entries retain", "bytes", EngineStatistics::bytes);
    gauge("weir.cache.max.bytes", "Bound of weir.cache.bytes", "bytes", EngineStatistics::maxBytes);
  }

  private void bindWriteBack() {
    gauge(
        "weir.writeback.dirty.entries",
        "Entries whose version the database does not hold",
        null,
        EngineStatistics::dirtyEntries);
    gauge(
        "weir.writeback.dirty.bytes",
        "Bytes of the dirty budget in use",
        "bytes",
        EngineStatistics::dirtyBytes);
    gauge(
        "weir.writeback.dirty.max.bytes",
        "High watermark of dirty bytes",
        "bytes",
        EngineStatistics::maxDirtyBytes);
    gauge(
        "weir.writeback.quarantined",
        "Rows that the database refuses",
        null,
        EngineStatistics::quarantinedEntries);
    gauge(
        "weir.writeback.quarantined.bytes",
        "Bytes of the quarantine's budget in use",
        "bytes",
        EngineStatistics::quarantinedBytes);
    TimeGauge.builder(
            "weir.writeback.oldest.dirty.age",
            this,
            TimeUnit.MILLISECONDS,
            metrics -> metrics.oldestDirtyAge().toMillis())
        .description("How long the oldest dirty entry has been so")
        .register(registry);
    FunctionCounter.builder("weir.writeback.coalesced", engine, e -> e.statistics().coalesced())
        .description("Writes that a newer one replaced before they became a statement")
        .register(registry);
    FunctionCounter.builder("weir.writeback.entries", flushedEntries, LongAdder::sum)
        .description("Entries that the database acknowledged")
        .register(registry);
    FunctionCounter.builder("weir.writeback.statements", statements, LongAdder::sum)
        .description("SQL statements of the flushes that the database acknowledged")
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
    gauge(
        "weir.loss.bound.entries",
        "Acknowledged entries that a crash of this process would lose",
        null,
        EngineStatistics::memoryOnlyEntries);
    gauge(
        "weir.loss.bound.bytes",
        "Bytes of the entries that a crash of this process would lose",
        "bytes",
        EngineStatistics::memoryOnlyBytes);
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

  private Duration oldestDirtyAge() {
    LeaderTasks leaderTasks = leaderTasks();
    return leaderTasks == null ? Duration.ZERO : leaderTasks.writeBack().oldestDirtyAge();
  }

  private Duration lossBoundAge(EngineStatistics now) {
    return now.memoryOnlyEntries() == 0 ? Duration.ZERO : oldestDirtyAge();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }

  private void counter(
      String name,
      String description,
      String tag,
      String value,
      ToDoubleFunction<EngineStatistics> count) {
    FunctionCounter.builder(name, engine, e -> count.applyAsDouble(e.statistics()))
        .description(description)
        .tag(tag, value)
        .register(registry);
  }

  private void gauge(
      String name,
      String description,
      @Nullable String unit,
      ToDoubleFunction<EngineStatistics> value) {
    Gauge.builder(name, engine, e -> value.applyAsDouble(e.statistics()))
        .description(description)
        .baseUnit(unit)
        .register(registry);
  }
}
