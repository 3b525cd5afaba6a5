package io.weir.master.registry;

/** From where the asker reaches the nodes. */
public enum Network {
  /** From the nodes' own network. */
  INTERNAL,
  /** From outside of it: a node's external URL, where it has one. */
  EXTERNAL
}
