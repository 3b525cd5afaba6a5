package io.weir.master.registry;

/**
 * The registry is empty, the node's shard records no cluster, and this master founds none: the node
 * is to come again.
 */
public final class NoClusterException extends RegistrationRefusedException {

  private static final long serialVersionUID = 1;

  NoClusterException(String message) {
    super(message);
  }
}
