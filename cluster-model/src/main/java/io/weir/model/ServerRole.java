package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a cache server, the process, is to the cluster, as {@code GET /status} names it. */
public enum ServerRole {
  /** The last to have led its shard; when it is down, nobody has taken over. */
  @JsonProperty("leader")
  LEADER,
  /** It follows its shard's leader. */
  @JsonProperty("replica")
  REPLICA,
  /** Its shard owns no slots. */
  @JsonProperty("spare")
  SPARE,
  /** It has registered and does not serve yet. */
  @JsonProperty("joining")
  JOINING
}
