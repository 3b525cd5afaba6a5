package io.weir.cache.redis;

/**
 * Event of a connection's pipeline: the server stops. The connection takes no further request, and
 * closes once it owes no reply.
 */
public enum Draining {
  DRAINING
}
