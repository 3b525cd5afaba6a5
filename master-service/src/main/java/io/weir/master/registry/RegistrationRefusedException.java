package io.weir.master.registry;

/** A registration that the registry does not take; the message names both sides. */
public abstract sealed class RegistrationRefusedException extends RuntimeException
    permits ForeignShardException, ShardConflictException {

  private static final long serialVersionUID = 1;

  RegistrationRefusedException(String message) {
    super(message);
  }
}
