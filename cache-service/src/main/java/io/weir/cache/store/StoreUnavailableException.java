package io.weir.cache.store;

/**
 * The database does not answer, or cannot take writes just now: retry everything, with back-off.
 */
public final class StoreUnavailableException extends StoreException {

  private static final long serialVersionUID = 1;

  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreUnavailableException(String message) {
    super(message);
  }
}
