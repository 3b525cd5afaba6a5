package io.weir.load.result;

/**
 * The rate that an open loop was to keep.
 *
 * @param ratePerSecond operations a second
 * @param arrivals constant or poisson
 */
public record Target(double ratePerSecond, String arrivals) {}
