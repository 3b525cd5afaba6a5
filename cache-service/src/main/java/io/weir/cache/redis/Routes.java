package io.weir.cache.redis;

import org.jspecify.annotations.Nullable;

/** Says where a slot's keys are to be asked for. */
public interface Routes {

  /**
   * Says why a command for a slot is not for this server.
   *
   * @param readOnly whether it reads only, on a connection that takes what a replica has
   * @return null when it is; else {@code MOVED}, or {@code CLUSTERDOWN} while nobody leads the
   *     slot's shard
   */
  @Nullable Reply misdirected(int slot, boolean readOnly);

  /**
   * Whether the answer may change within a moment by itself: no leader is known, so a command is
   * held back for a while rather than refused.
   */
  boolean awaitsLeader(int slot);
}
