package io.weir.load.workload;

/**
 * What is asked for.
 *
 * @param mix of the operations
 * @param popularity of the keys
 * @param valueSizes of what is written
 */
public record Workload(Mix mix, Popularity popularity, ValueSizes valueSizes) {}
