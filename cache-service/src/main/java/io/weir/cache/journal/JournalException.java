package io.weir.cache.journal;

/** A mutation that the journal did not, or may not, make durable. */
public abstract sealed class JournalException extends RuntimeException {

  private JournalException(String message) {
    super(message);
  }

  /** The server does not lead in that reign; the mutation was never proposed. */
  public static final class NotLeading extends JournalException {
    public NotLeading(String message) {
      super(message);
    }
  }

  /** The mutation was proposed; it may be in the log and be applied, now or later, or never. */
  public static final class OutcomeOpen extends JournalException {
    public OutcomeOpen(String message) {
      super(message);
    }
  }

  /** More is queued than the bound allows; the mutation was never proposed. */
  public static final class QueueFull extends JournalException {
    public QueueFull(String message) {
      super(message);
    }
  }

  /** A question to the group, or a change of its members, that did not succeed. */
  public static final class Refused extends JournalException {
    public Refused(String message) {
      super(message);
    }
  }
}
