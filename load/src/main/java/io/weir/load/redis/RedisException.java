package io.weir.load.redis;

/** A command that did not end in a reply to its question; the message says at which servers. */
public final class RedisException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean mayBeApplied;

  RedisException(String message, boolean mayBeApplied, Throwable cause) {
    super(message, cause);
    this.mayBeApplied = mayBeApplied;
  }

  RedisException(String message, boolean mayBeApplied) {
    super(message);
    this.mayBeApplied = mayBeApplied;
  }

  /** Whether it may have changed something, or may still. */
  public boolean mayBeApplied() {
    return mayBeApplied;
  }
}
