package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a cache server's lease with the master runs. */
public enum NodeState {
  @JsonProperty("up")
  UP,
  @JsonProperty("down")
  DOWN
}
