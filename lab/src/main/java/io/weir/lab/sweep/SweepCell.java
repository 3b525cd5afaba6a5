package io.weir.lab.sweep;

/**
 * What was measured at one size of the cache and one skew of the load.
 *
 * @param theta skew
 * @param capacity size of the cache as a share of the keys
 * @param entries the same as a number
 * @param stripes of each cache server
 * @param full whether the load fills a cache of that size
 * @param seconds that were measured
 * @param operations that succeeded
 * @param errors operations that failed
 * @param hitRatio share of the reads that the cache servers answered from memory, by their account
 * @param lruHitRatio the same of an exact LRU that saw the same requests
 * @param throughput successful operations a second
 * @param p50Millis latency of all operations; {@code p99Millis} and {@code p999Millis} likewise
 * @param databaseReads statements that read a row
 * @param databaseWrites statements that wrote rows
 * @param statementsPerOperation both together for each operation
 * @param generatorLimited whether the generator, and not the cluster, set the limit
 */
record SweepCell(
    double theta,
    double capacity,
    int entries,
    int stripes,
    boolean full,
    double seconds,
    long operations,
    long errors,
    double hitRatio,
    double lruHitRatio,
    double throughput,
    double p50Millis,
    double p99Millis,
    double p999Millis,
    long databaseReads,
    long databaseWrites,
    double statementsPerOperation,
    boolean generatorLimited) {}
