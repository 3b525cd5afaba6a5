package io.weir.cache.store;

/**
 * What was read is older than what the database has acknowledged, or of another history: the
 * session leads to a server that lags behind, or that is no longer the right one; or the database
 * has gone back, and this server has yet to hear of it. What it says does not count.
 */
public final class DatabaseBehindException extends StoreException {

  private static final long serialVersionUID = 1;

  private final boolean mayBeTheSession;

  /**
   * @param mayBeTheSession whether a new session may lead to another server that is not behind
   */
  public DatabaseBehindException(String message, boolean mayBeTheSession) {
    super(message);
    this.mayBeTheSession = mayBeTheSession;
  }

  /** Whether a new session may lead to another server that is not behind. */
  boolean mayBeTheSession() {
    return mayBeTheSession;
  }
}
