package io.weir.load.result;

/**
 * What became of the writes on their way to the databases, all cache servers together, by their own
 * metrics: the differences over the measured time. Writes of others are in it too.
 *
 * @param writes puts and deletes that the cache servers acknowledged
 * @param rows written to the databases
 * @param transactions that wrote them
 * @param coalesced writes that a newer one of their key made superfluous
 */
public record DatabaseResult(long writes, long rows, long transactions, long coalesced) {}
