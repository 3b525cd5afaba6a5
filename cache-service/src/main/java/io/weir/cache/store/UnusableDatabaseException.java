package io.weir.cache.store;

/**
 * The configured database cannot be used as it is: away, not to be entered, or not one of Weir's.
 * It stops the start; the message says what to do.
 */
public final class UnusableDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean away;

  public UnusableDatabaseException(String message, Throwable cause) {
    this(message, cause, false);
  }

  UnusableDatabaseException(String message, Throwable cause, boolean away) {
    super(message, cause);
    this.away = away;
  }

  /** Whether it merely does not answer, so that it may be as it should be. */
  boolean isAway() {
    return away;
  }

  UnusableDatabaseException(String message) {
    super(message);
    this.away = false;
  }
}
