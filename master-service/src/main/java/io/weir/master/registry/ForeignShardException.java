package io.weir.master.registry;

/** The database of the node's shard records what contradicts this registry. */
public final class ForeignShardException extends RegistrationRefusedException {

  private static final long serialVersionUID = 1;

  ForeignShardException(String message) {
    super(message);
  }
}
