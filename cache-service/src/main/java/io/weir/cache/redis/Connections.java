package io.weir.cache.redis;

import java.util.Collection;

/** The connections that speak the Redis protocol, as {@code CLIENT LIST} and {@code INFO} tell. */
public interface Connections {

  /** The sessions of those that are open; not of one moment. Of any thread. */
  Collection<Session> open();

  /** How many have been opened since the start. */
  long opened();

  /** How many commands have been begun since the start. */
  long commands();
}
