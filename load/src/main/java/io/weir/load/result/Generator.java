package io.weir.load.result;

/**
 * How the generator itself was doing.
 *
 * @param cores that its process used, 1 being one core all the time
 * @param busiestLoop share of the time in which its busiest event loop ran
 * @param threads number of event loops
 * @param p99LagMillis how late it was, 99 times of 100, with what it could have done
 * @param maxLagMillis how late it was at most
 * @param limited whether it, and not the cluster, set the limit: the figures then say nothing of
 *     the cluster but that it can do at least this
 * @param verdict the same in a sentence
 */
public record Generator(
    double cores,
    double busiestLoop,
    int threads,
    double p99LagMillis,
    double maxLagMillis,
    boolean limited,
    String verdict) {}
