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
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.writeback.FlushListener;
import io.weir.model.LoadFigures;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The server's meters, and the figures that its heartbeats carry. */
final class ServerMetrics implements FlushListener {

  private final CacheEngine engine;
  private final MeterRegistry registry;
  private final AtomicReference<@Nullable ShardServer> server = new AtomicReference<>();
  private final LoadRates loadRates;
  private final LongAdder flushes = new LongAdder();
  private final LongAdder flushedEntries = new LongAdder();
  private final LongAdder statements = new LongAdder();
  private final DistributionSummary batchSize;
  private final Timer appends;

  ServerMetrics(CacheEngine engine, TopologyView topology, MeterRegistry registry, Ticker ticker) {
    this.engine = engine;
    this.registry = registry;
    this.loadRates = new LoadRates(ticker);
    this.batchSize =
        DistributionSummary.builder("weir.writeback.batch.size")
            .description("Entries of a flush that the database acknowledged")
            .register(registry);
    bindTraffic();
    bindWriteBack();
    bindLossBound();
    bindGroup();
    this.appends =
        Timer.builder("weir.journal.append")
            .description("Appends to the journal, from the call to being durable and applied")
            .register(registry);
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
    Timer.builder("weir.writeback.flush")
        .description("Flushes by how they ended")
        .tag("result", result.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .record(took);
    if (result == Result.OK) {
      flushes.increment();
      flushedEntries.add(entries);
      statements.add(sent);
      batchSize.record(entries);
    }
  }

  /** What a heartbeat carries. */
  LoadFigures loadFigures() {
    EngineStatistics now = engine.statistics();
    LoadRates.Rates rates =
        loadRates.since(
            new LoadRates.Counts(
                now.hits(), now.misses(), now.puts() + now.deletes(), flushes.sum()));
    return new LoadFigures(
        rates.gets(),
        rates.puts(),
        rates.hitRatio(),
        now.entries(),
        now.bytes(),
        now.maxBytes(),
        now.dirtyEntries(),
        now.dirtyBytes() + now.quarantinedBytes(),
        seconds(oldestDirtyAge()),
        now.memoryOnlyEntries(),
        now.memoryOnlyBytes(),
        seconds(lossBoundAge(now)),
        rates.flushes(),
        flushedEntries.sum(),
        now.coalesced(),
        now.quarantinedEntries(),
        now.shed());
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

  /** What no journal holds, a crash loses. */
  private void bindLossBound() {
    gauge(
        "weir.loss.bound.entries",
        "Acknowledged entries that a crash of this process would lose",
        null,
        EngineStatistics::memoryOnlyEntries);
    gauge("weir.loss.bound.bytes", "Bytes of those", "bytes", EngineStatistics::memoryOnlyBytes);
    TimeGauge.builder(
            "weir.loss.bound.age",
            this,
            TimeUnit.MILLISECONDS,
            metrics -> metrics.lossBoundAge(metrics.engine.statistics()).toMillis())
        .description("No older than this is the oldest of those")
        .register(registry);
  }

  private void bindGroup() {
    Gauge.builder("weir.raft.term", this, metrics -> metrics.ofGroup(ShardGroup::term))
        .description("Term of the shard's leader, as this server knows it")
        .register(registry);
    Gauge.builder(
            "weir.raft.members",
            this,
            metrics -> metrics.ofGroup(g -> g.journal().status().members().voters().size()))
        .description("Members whose majority makes a write durable")
        .register(registry);
    for (JournalStatus.Role role : JournalStatus.Role.values()) {
      Gauge.builder(
              "weir.raft.role",
              this,
              metrics -> metrics.ofGroup(g -> g.journal().status().role() == role ? 1 : 0))
          .description("1 for what this server is to its shard's group, 0 for what it is not")
          .tag("role", role.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private double ofGroup(ToDoubleFunction<ShardGroup> value) {
    ShardServer bound = server.get();
    ShardGroup group = bound == null ? null : bound.group();
    return group == null ? 0 : value.applyAsDouble(group);
  }

  private Duration oldestDirtyAge() {
    ShardServer bound = server.get();
    Stewardship stewardship = bound == null ? null : bound.stewardship();
    return stewardship == null ? Duration.ZERO : stewardship.writeBack().oldestDirtyAge();
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
