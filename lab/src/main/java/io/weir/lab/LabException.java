package io.weir.lab;

/**
 * The reason in a sentence why something on a cluster of this machine cannot be done, or came to an
 * end.
 */
public final class LabException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** What kind of reason it is. */
  public enum Reason {
    /** Something else was asked for than can be had; nothing was started. */
    USAGE,
    /** A database or a server does not answer. */
    NOT_REACHABLE,
    /** Anything else, such as a process that refuses to start. */
    UNEXPECTED
  }

  /**
   * @param message the sentence, for whoever asked
   */
  public LabException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
