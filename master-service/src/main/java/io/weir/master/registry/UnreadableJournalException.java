package io.weir.master.registry;

/**
 * The node cannot read the journal that its shard's group writes. It is listed, so that the group's
 * leader and its operator see it, and is to stop.
 */
public final class UnreadableJournalException extends RegistrationRefusedException {

  private static final long serialVersionUID = 1;

  public UnreadableJournalException(String message) {
    super(message);
  }
}
