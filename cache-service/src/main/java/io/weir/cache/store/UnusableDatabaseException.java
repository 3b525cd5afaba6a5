package io.weir.cache.store;

/**
 * The configured database cannot be used as it is: away, not to be entered, or not one of Weir's.
 * It stops the start; the message says what to do.
 */
public final class UnusableDatabaseException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public UnusableDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }

  UnusableDatabaseException(String message) {
    super(message);
  }
}
