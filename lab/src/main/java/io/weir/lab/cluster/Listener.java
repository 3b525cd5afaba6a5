package io.weir.lab.cluster;

/**
 * A port that something of the cluster listens on.
 *
 * @param who listens there, as a message names it
 */
public record Listener(int port, String who) {}
