package io.weir.master.registry;

/** A registration that the registry does not take; the message says why. */
public abstract sealed class RegistrationRefusedException extends RuntimeException
    permits ForeignShardException,
        NoClusterException,
        ShardConflictException,
        UnreadableJournalException {

  private static final long serialVersionUID = 1;

  RegistrationRefusedException(String message) {
    super(message);
  }
}
