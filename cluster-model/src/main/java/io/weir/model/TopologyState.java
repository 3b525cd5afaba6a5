package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The state of the cluster as a whole. */
public enum TopologyState {
  /** Fewer shards have registered than the cluster is to have; some slots have no owner. */
  @JsonProperty("forming")
  FORMING,
  /** Every slot has an owner that is up. */
  @JsonProperty("serving")
  SERVING,
  /** Every slot has a shard, but some shard has no leader that is up. */
  @JsonProperty("degraded")
  DEGRADED
}
