package io.weir.model.operator;

/**
 * How far a shard's database has come, as its leader knows.
 *
 * @param acknowledgedFlush number of the last flush that it acknowledged, or was found with when it
 *     had gone back
 * @param wentBack whether it has lost flushes that it had acknowledged, and nobody has accepted
 *     that
 * @param missingFlushes that it has lost, at least; 0 when it has not gone back
 */
public record DatabaseReport(long acknowledgedFlush, boolean wentBack, long missingFlushes) {}
