package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a node's lease with the masters runs. */
public enum NodeState {
  @JsonProperty("up")
  UP,
  @JsonProperty("down")
  DOWN
}
