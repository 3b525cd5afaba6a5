package io.weir.cache.store;

/**
 * What a flush cost the database.
 *
 * @param statements SQL statements sent, the fence's included
 */
public record FlushReceipt(int statements) {}
