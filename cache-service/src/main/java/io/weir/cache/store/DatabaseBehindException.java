package io.weir.cache.store;

/**
 * What was read is older than what the database has acknowledged: the session leads to a server
 * that lags behind, or that is no longer the right one. What it says does not count.
 */
public final class DatabaseBehindException extends StoreException {

  private static final long serialVersionUID = 1;

  public DatabaseBehindException(String message) {
    super(message);
  }
}
