package io.weir.cache.engine;

/** A momentary view of an engine: counters since it began, and gauges. */
public record EngineStatistics(
    ReadStatistics reads, WriteStatistics writes, MemoryStatistics memory, DirtyStatistics dirty) {}
