package io.weir.cache.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineStatistics;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of what the engine counts: one statement for each figure of its statistics. */
final class EngineMeters {

  static final String FOREIGN_ROWS =
      "Rows at a version that this shard has not given, by what met them";

  private final CacheEngine engine;
  private final MeterRegistry registry;

  EngineMeters(CacheEngine engine, MeterRegistry registry) {
    this.engine = engine;
    this.registry = registry;
  }

  void bind() {
    bindReads();
    bindWrites();
    bindMemory();
    bindDirty();
    bindDatabase();
  }

  private void bindReads() {
    counter("cache.gets", "Reads", Tags.of("result", "hit"), s -> s.reads().hits());
    counter("cache.gets", "Reads", Tags.of("result", "miss"), s -> s.reads().misses());
    String loads = "Reads of the database";
    counter("weir.loads", loads, Tags.of("result", "found"), s -> s.reads().loadsFound());
    counter("weir.loads", loads, Tags.of("result", "absent"), s -> s.reads().loadsAbsent());
    counter("weir.loads", loads, Tags.of("result", "failed"), s -> s.reads().loadsFailed());
    counter(
        "weir.loads.statements",
        "Statements that read rows; one may read many",
        Tags.empty(),
        s -> s.reads().statements());
    counter(
        "weir.warming.loads",
        "Reads of the database for keys that nobody had asked for here yet",
        Tags.empty(),
        s -> s.reads().ahead());
    counter(
        "weir.rows.foreign", FOREIGN_ROWS, Tags.of("met", "load"), s -> s.reads().foreignLoads());
    counter(
        "weir.rows.foreign", FOREIGN_ROWS, Tags.of("met", "scan"), s -> s.reads().foreignScans());
  }

  private void bindWrites() {
    String puts = "Acknowledged writes";
    counter("cache.puts", puts, Tags.of("operation", "put"), s -> s.writes().puts());
    counter("cache.puts", puts, Tags.of("operation", "delete"), s -> s.writes().deletes());
    counter(
        "weir.shed",
        "Writes refused because too much was dirty",
        Tags.empty(),
        s -> s.writes().shed());
  }

  private void bindMemory() {
    gauge("cache.size", "Resident entries", null, s -> s.memory().entries());
    gauge(
        "weir.cache.bytes", "Bytes that resident entries retain", "bytes", s -> s.memory().bytes());
    gauge("weir.cache.max.bytes", "Bound of weir.cache.bytes", "bytes", s -> s.memory().maxBytes());
    counter(
        "cache.evictions", "Entries evicted for room", Tags.empty(), s -> s.memory().evictions());
  }

  private void bindDirty() {
    gauge(
        "weir.writeback.dirty.entries",
        "Entries whose version the database does not hold",
        null,
        s -> s.dirty().entries());
    gauge(
        "weir.writeback.dirty.bytes",
        "Bytes of the dirty budget in use",
        "bytes",
        s -> s.dirty().bytes());
    gauge(
        "weir.writeback.dirty.max.bytes",
        "High watermark of dirty bytes",
        "bytes",
        s -> s.dirty().maxBytes());
    gauge(
        "weir.writeback.quarantined",
        "Rows that the database refuses",
        null,
        s -> s.dirty().quarantinedEntries());
    gauge(
        "weir.writeback.quarantined.bytes",
        "Bytes of the quarantine's budget in use",
        "bytes",
        s -> s.dirty().quarantinedBytes());
    counter(
        "weir.writeback.coalesced",
        "Writes that a newer one replaced before they became a statement",
        Tags.empty(),
        s -> s.dirty().coalesced());
    gauge(
        "weir.loss.bound.entries",
        "Acknowledged entries that a crash of this process would lose",
        null,
        s -> s.dirty().memoryOnlyEntries());
    gauge(
        "weir.loss.bound.bytes",
        "Bytes of the entries that a crash of this process would lose",
        "bytes",
        s -> s.dirty().memoryOnlyBytes());
  }

  private void bindDatabase() {
    Gauge.builder(
            "weir.database.missing.flushes", engine, e -> (double) e.progress().now().missing())
        .description("Flushes that the database had acknowledged and has lost, until accepted")
        .register(registry);
    Gauge.builder("weir.database.flush", engine, e -> (double) e.progress().now().acknowledged())
        .description("Number of the last flush that the database acknowledged")
        .register(registry);
  }

  private void counter(
      String name, String description, Tags tags, ToDoubleFunction<EngineStatistics> count) {
    FunctionCounter.builder(name, engine, e -> count.applyAsDouble(e.statistics()))
        .description(description)
        .tags(tags)
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
