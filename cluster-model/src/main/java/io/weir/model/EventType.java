package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What has happened to the cluster, as {@code GET /status} names it. */
public enum EventType {
  /** The cluster came to be, or was taken over from what its shards' databases record. */
  @JsonProperty("founded")
  FOUNDED,
  /** A shard was given its slots, or none. */
  @JsonProperty("assigned")
  ASSIGNED,
  /** A server registered for the first time. */
  @JsonProperty("joined")
  JOINED,
  /** A server's lease ran out. */
  @JsonProperty("lost")
  LOST,
  /** A server that was lost sent a heartbeat again. */
  @JsonProperty("returned")
  RETURNED,
  /** A server took its leave. */
  @JsonProperty("left")
  LEFT,
  /** A server changed its address or its shard. */
  @JsonProperty("moved")
  MOVED,
  /** A server leads a shard that nobody has led, or that it led before. */
  @JsonProperty("led")
  LED,
  /** A server leads a shard that another led before. */
  @JsonProperty("failed-over")
  FAILED_OVER,
  /** Every slot has an owner that serves. */
  @JsonProperty("serving")
  SERVING,
  /** Some slots have no owner that serves. */
  @JsonProperty("degraded")
  DEGRADED
}
