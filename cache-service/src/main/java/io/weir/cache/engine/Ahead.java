package io.weir.cache.engine;

/**
 * What was loaded before anybody asked for it.
 *
 * @param loads reads of the database
 * @param loadedBytes that what they found retains
 * @param keptBytes that all keys which were looked at retain, loaded or resident before
 */
public record Ahead(int loads, long loadedBytes, long keptBytes) {}
