package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;

/** A request that the engine cannot serve; nothing was changed, but for {@link OutcomeOpen}. */
public abstract sealed class EngineException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private EngineException(String message) {
    // Back-pressure is control flow: no stack trace, which would cost more than the write itself.
    super(message, null, false, false);
  }

  /**
   * The dirty budget is used up and did not free in time: the database is slower than the writes.
   */
  public static final class TooMuchDirty extends EngineException {
    private static final long serialVersionUID = 1;

    TooMuchDirty(long dirtyBytes, long maxBytes) {
      super(
          dirtyBytes
              + " of at most "
              + maxBytes
              + " bytes wait for the database; retry once it has caught up");
    }
  }

  /** The journal's disk has no room but for what is admitted already. */
  public static final class JournalFull extends EngineException {
    private static final long serialVersionUID = 1;

    JournalFull(String message) {
      super(message);
    }
  }

  /** More bytes than one entry of the journal takes are to be written together. */
  public static final class TooLarge extends EngineException {
    private static final long serialVersionUID = 1;

    TooLarge(long bytes, long maxBytes) {
      super("an update writes at most " + maxBytes + " bytes of keys and values, got " + bytes);
    }
  }

  /** More requests wait for the database, or for one key, than the bounds allow. */
  public static final class Overloaded extends EngineException {
    private static final long serialVersionUID = 1;

    Overloaded(String message) {
      super(message);
    }
  }

  /** The server is not the leader of its shard, or has stopped taking writes. */
  public static final class NotServing extends EngineException {
    private static final long serialVersionUID = 1;

    public NotServing(String message) {
      super(message);
    }
  }

  /** The server follows its shard's leader, which alone can serve the request. */
  public static final class NotLeader extends EngineException {
    private static final long serialVersionUID = 1;

    NotLeader() {
      super("this server is a replica; its shard's leader serves the request");
    }
  }

  /** The write is in the journal's hands: it may be applied, now or later, or never. */
  public static final class OutcomeOpen extends EngineException {
    private static final long serialVersionUID = 1;

    OutcomeOpen(String message) {
      super(message);
    }
  }

  /** The database has lost flushes that it had acknowledged, and its answers do not count. */
  public static final class WentBack extends EngineException {
    private static final long serialVersionUID = 1;

    WentBack(long missing) {
      super(
          "the database has lost "
              + missing
              + " flushes that it had acknowledged: what is not in memory is not served until an"
              + " operator accepts that ('weir accept-database')");
    }
  }

  /** The condition of a conditional write does not hold. */
  public static final class ConditionFailed extends EngineException {
    private static final long serialVersionUID = 1;

    private final transient Versioned current;

    ConditionFailed(Versioned current) {
      super(
          current.value() == null
              ? "the key is absent"
              : "the key is at version " + current.version());
      this.current = current;
    }

    /** What the key holds instead. */
    public Versioned current() {
      return current;
    }
  }
}
