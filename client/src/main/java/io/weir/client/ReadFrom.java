package io.weir.client;

/** Which cache servers of a shard answer reads. */
public enum ReadFrom {
  /** The shard's leader alone. */
  LEADER,
  /** Any that is up: of two taken at random, the one that is less busy and answers sooner. */
  ANY
}
