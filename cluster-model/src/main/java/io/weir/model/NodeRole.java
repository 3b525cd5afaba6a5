package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a node is to its shard, as it registers with the masters. */
public enum NodeRole {
  /** It has registered and does not serve yet. */
  @JsonProperty("joining")
  JOINING,
  /** It serves reads and writes and flushes to the database. */
  @JsonProperty("leader")
  LEADER,
  /** It follows the leader's log. */
  @JsonProperty("replica")
  REPLICA
}
